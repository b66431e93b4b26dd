"""Renews requirements.lock and requirements-dev.lock from pyproject.toml: `make lock`."""

import subprocess
import sys
from pathlib import Path

HEADER = "# {}, for Python 3.11 to 3.14 on Linux, macOS and Windows. Renew with `make lock`.\n"
CUDA = ("cuda-", "nvidia-", "triton==")  # wanted by torch's default build on Linux; the bot runs on the CPU


def lock(path: Path, what: str, *options: str) -> None:
    """Write the pinned requirements to `path`; pins that are there stay, unless `--upgrade` is given."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--output-file", str(path)]
    universal = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    subprocess.run([*command, *universal, "--no-header", "--no-annotate", *options], check=True)
    pins = path.read_text(encoding="utf-8").splitlines(keepends=True)
    pins = [pin for pin in pins if not pin.startswith(CUDA)]
    path.write_text(HEADER.format(what) + "".join(pins), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Renew both; `--upgrade` in the arguments takes the newest versions."""
    runtime, dev = Path("requirements.lock"), Path("requirements-dev.lock")
    lock(runtime, "What the bot needs", *arguments)
    lock(dev, "What its developers need", "--extra", "dev", "--constraint", str(runtime), *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
