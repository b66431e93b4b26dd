"""Tries what is shipped: the Dockerfile's own steps in bare Debian folders, and the wheel in an empty environment.

By hand, as root, with `debootstrap`: `make package`. It needs no container engine; what it cannot show is what only an
engine does (volumes, limits, health checks).
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
SUITE = "bookworm"
QUESTION = "What is FinOps?"
# What of this machine's environment pip is told in there too.
TOLD = ("PIP_", "TORCH_INDEX_URL")
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
# How this machine reaches others: the same files in there, where they exist.
BROUGHT = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


@dataclass
class Stage:
    """One stage of the Dockerfile as a folder: what it began with, and what its steps have set."""

    folder: Path
    start: Path
    variables: dict[str, str] = field(default_factory=dict)
    place: str = "/"
    user: str = "0:0"


def steps(dockerfile: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Dockerfile in their order, each with its words on one line; comments are left out."""
    lines = (line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    for line in filter(None, map(str.strip, whole.splitlines())):
        name, _, words = line.partition(" ")
        yield name.upper(), " ".join(words.split()) if name.upper() != "RUN" else words.strip()


def filled(words: str, variables: Mapping[str, str]) -> str:
    """`words` with the values of variables in their places."""
    return re.sub(r"\$\{(\w+)\}", lambda found: variables.get(found[1], ""), words)


class Builder:
    """Takes the steps of a Dockerfile in folders below `work`; `bare` is a folder with a bare Debian."""

    def __init__(self, work: Path, bare: Path, bring: Sequence[Path]) -> None:
        self._work, self._bare, self._bring = work, bare, bring
        self._arguments: dict[str, str] = {}
        self.stages: dict[str, Stage] = {}
        self.stage = Stage(bare, bare)

    def take(self, name: str, words: str) -> None:
        """One step. Raises ValueError for an instruction that is not known."""
        stage = self.stage
        match name:
            case "FROM":
                self._begin(filled(words, self._arguments))
            case "ARG":
                key, _, value = words.partition("=")
                known = stage.variables if self.stages else self._arguments
                known[key] = os.environ.get(key, value)
            case "ENV":
                stage.variables |= dict(pair.split("=", 1) for pair in shlex.split(words))
            case "WORKDIR":
                stage.place = words
                (stage.folder / words[1:]).mkdir(parents=True, exist_ok=True)
            case "USER":
                stage.user = words
            case "COPY":
                self._copy(words)
            case "RUN":
                run(stage, ["/bin/sh", "-ec", words])
            case "VOLUME" | "EXPOSE" | "HEALTHCHECK" | "ENTRYPOINT" | "CMD":
                pass  # what an engine does
            case _:
                raise ValueError(f"The Dockerfile has a step that is not known here: {name}")

    def _begin(self, words: str) -> None:
        base, _, name = words.partition(" AS ")
        earlier = self.stages.get(base)
        start = earlier.folder if earlier else self._bare
        folder = self._work / name
        print(f"== {name}", flush=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(start), str(folder)], check=True)
        self.stage = Stage(folder, start, dict(earlier.variables) if earlier else {})
        self.stages[name] = self.stage
        if earlier is None:
            for path in (*map(Path, BROUGHT), *self._bring):
                bring(path, folder)

    def _copy(self, words: str) -> None:
        *sources, target = [word for word in words.split() if not word.startswith("--")]
        origin = re.search(r"--from=(\w+)", words)
        start = self.stages[origin[1]].folder if origin else ROOT
        place = self.stage.folder / os.path.join(self.stage.place, target)[1:]
        for source in (start / one.lstrip("/") for one in sources):
            to = place / source.name if target.endswith("/") else place
            to.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                ignored = None if origin else shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, to, symlinks=True, dirs_exist_ok=True, ignore=ignored)
            else:
                shutil.copy2(source, to)


def bring(path: Path, folder: Path) -> None:
    """Put a file or a folder of this machine into the same place of `folder`."""
    to = folder / str(path)[1:]
    if path.is_dir():
        shutil.copytree(path, to, dirs_exist_ok=True)
    elif path.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


@contextmanager
def processes(folder: Path) -> Iterator[None]:
    """With /proc in the folder, which Python's libraries look into."""
    subprocess.run(["mount", "-t", "proc", "proc", str(folder / "proc")], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder / "proc")], check=True)


def run(stage: Stage, command: Sequence[str], **more: str) -> str:
    """Run a command in a stage, as its user, with its variables; its standard output. Raises CalledProcessError."""
    told = {name: value for name, value in os.environ.items() if name.startswith(TOLD)}
    plain = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}
    script = f"cd {shlex.quote(stage.place)} && exec {shlex.join(command)}"
    with processes(stage.folder):
        done = subprocess.run(
            [CHROOT, f"--userspec={stage.user}", str(stage.folder), "/bin/sh", "-c", script],
            env={**plain, **told, **stage.variables, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return done.stdout


def megabytes(folder: Path, without: Sequence[Path] = ()) -> int:
    """How much a folder holds, in MB (10^6 bytes), without what was brought there."""
    left_out = [f"--exclude={folder}{path}" for path in without]
    command = ["du", "-sx", "--block-size=1000000", *left_out, str(folder)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return int(told.stdout.split()[0])


def try_container(work: Path, mirror: str, bring: Sequence[Path]) -> None:
    """Build each stage, say its size, and ask the last one a question as its own user."""
    bare = work / "debian"
    if not bare.exists():
        command = ["debootstrap", "--variant=minbase", SUITE, str(bare), *filter(None, [mirror])]
        subprocess.run(command, check=True, stdout=sys.stderr)
    for folder in work.glob("stages*"):
        shutil.rmtree(folder)
    stages = work / "stages"
    stages.mkdir()
    builder = Builder(stages, bare, bring)
    for name, words in steps(DOCKERFILE.read_text("utf-8")):
        builder.take(name, words)
    print(f"{'bare Debian':12} {megabytes(bare):6,} MB")
    for name, stage in builder.stages.items():
        size = megabytes(stage.folder, bring)
        print(f"{name:12} {size:6,} MB, {size - megabytes(stage.start, bring):,} of its own")
    serving = builder.stages["serving"]
    has_torch = [path.name for path in serving.folder.glob("opt/finops-bot/venv/lib/*/site-packages/torch")]
    print(f"torch in the serving stage: {'yes' if has_torch else 'no'}")
    for command in (["ask", QUESTION], ["doctor"]):
        print(f"-- {shlex.join(command)}")
        print(run(serving, ["/opt/finops-bot/bin/start", *command]), flush=True)


def try_wheel(work: Path) -> None:
    """Build the wheel, install it alone in an empty environment, and ask it a question."""
    place = work / "wheel"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(place), str(ROOT)], check=True, stdout=sys.stderr)
    (wheel,) = place.glob("*.whl")
    print(f"== {wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(place / "venv")], check=True)
    python = place / "venv" / "bin" / "python"
    pins = ["--constraint", str(ROOT / "requirements.lock")]
    subprocess.run([python, "-m", "pip", "install", *pins, str(wheel)], check=True, stdout=sys.stderr)
    print(f"environment  {megabytes(place / 'venv'):,} MB", flush=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("FINOPS_", "PYTHON"))}
    told = {**variables, "FINOPS_HOME": str(place / "home")}
    subprocess.run([python.with_name("finops-bot"), "ask", QUESTION], check=True, env=told, cwd=place)


def main() -> None:
    """Try both, or one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", choices=["container", "wheel"], help="by default both are tried")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "package", help="a folder of its own")
    parser.add_argument("--mirror", default="", help="where Debian is fetched from, by default where debootstrap does")
    parser.add_argument("--bring", type=Path, action="append", default=[], help="a file or folder to be there as here")
    told = parser.parse_args()
    wanted = [told.only] if told.only else ["container", "wheel"]
    if "container" in wanted and (os.geteuid() != 0 or not shutil.which("debootstrap")):
        sys.exit(
            "The container needs root and debootstrap (Debian: apt install debootstrap); --only wheel needs neither."
        )
    told.work.mkdir(parents=True, exist_ok=True)
    if "container" in wanted:
        try_container(told.work.resolve(), told.mirror, told.bring)
    if "wheel" in wanted:
        try_wheel(told.work.resolve())


if __name__ == "__main__":
    main()
