"""The alternative text of a picture: what it shows in words, within what every platform takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Discord takes as many characters; Slack takes 2,000.
LONGEST = 1024
# They turn around what stands behind them, numbers as well.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def alternative(heading: str, question: str, rows: Sequence[tuple[str, str]], foot: Sequence[str]) -> str:
    """Lines: the question behind `heading`, an option and its figures a row, then `foot`; `LONGEST` characters at most.

    Where that is too much, the question and the options are shortened: all options to the same length, the question to
    no less than a quarter of their room. Nothing else is, so there is room for ten options, not for any number.
    """
    question, options = in_line(question), [in_line(option) for option, _ in rows]
    frame = [f"{heading}: ", *(f": {figures}" for _, figures in rows), *foot]
    room = LONGEST - sum(map(len, frame)) - (len(frame) - 1)
    question = shortened(question, max(room // 4, room - sum(map(len, options))))
    length = _common_length(options, room - len(question))
    lines = [shortened(option, length) + figures for option, figures in zip(options, frame[1:], strict=False)]
    return "\n".join((frame[0] + question, *lines, *foot))


def in_line(text: str) -> str:
    """`text` in one line, without what is no character or turns around what follows."""
    kept = (
        char
        for char in text
        if char.isspace()
        or (unicodedata.category(char) not in {"Cc", "Cs"} and unicodedata.bidirectional(char) not in _TURNING)
    )
    return " ".join("".join(kept).split())


def shortened(text: str, most: int) -> str:
    """`text` with an ellipsis for its end where it has more than `most` characters; at least one is left."""
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def _common_length(texts: Sequence[str], room: int) -> int:
    """The most characters that each text may have so that all together have `room`."""
    lengths = range(max(map(len, texts), default=1), 1, -1)
    return next((most for most in lengths if sum(min(len(text), most) for text in texts) <= room), 1)
