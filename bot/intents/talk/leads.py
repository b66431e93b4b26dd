"""What people begin with before they say what they want: "wait, ...", "ok so ...", "hm, right, then ..."."""

from __future__ import annotations

import re

from knowledge.words import words

# Said by somebody who wants no more.
ENOUGH = r"(?:that'?s|that is|this is|it'?s) (?:all|it|everything|enough)(?: for (?:now|today))?"
_WORDS = (
    r"(?:(?:ok(?:ay)?|thanks|thank you|hey|hi) (?:team|everyone|everybody|folks|all|bot)"
    r"|wait|(?:hold|hang) (?:on|up)|one (?:moment|second|sec|thing|more thing)"
    r"|(?:a |just a )?(?:quick )?question"
    r"|ok(?:ay)?|oki|kk?|aight|all ?righty?|right|well|so|then|now|and|but|also|plus|oh|ah|aha|hm+|mm+|uh+|um+|er+"
    r"|hey|yo|look|listen|sorry|actually|anyways?|by the way|btw|please|pls|bot|thanks?(?: you)?|cheers"
    # "Great help" is no "great, help".
    r"|(?:cool|great|good|nice|fine|perfect|sweet)(?=\W*[,.!?;:-]|\s(?:so|then|now|and|but|ok)\b)|you (?:can|may)"
    r"|(?:can|could|would|will) (?:you|u|we)(?: (?:kindly|maybe|just))?"
    rf"|{ENOUGH}|time(?:'s| is|s) up"
    r"|(?:we're|we are|i'm|i am) (?:all )?done|(?:that |it |this )?looks (?:good|great|fine|nice))"
)
_GOING_ON = frozenset(["and", "but", "also"])
_LEAD = re.compile(rf"\W*+(?:{_WORDS}(?![\w'])[^\w“\"]*+)++(?=[\w“\"])", re.I)


# Words that are written without the sign that they have, with how they are written out.
_SHORT = {
    **{f"{word}s": f"{word}'s" for word in ("how", "who", "what", "that", "where", "there", "here", "let")},
    **{f"{word}nt": f"{word}n't" for word in ("do", "does", "did", "ca", "wo", "is", "are", "was", "have", "should")},
    "im": "i'm",
    "ive": "i've",
    "youre": "you're",
}
_WRITTEN_SHORT = re.compile(rf"(?<![\w'])(?:{'|'.join(_SHORT)})(?![\w'])", re.I)


def written_out(text: str) -> str:
    """`text` with the words written out that people write short: "whos ahead" as "who's ahead"."""
    plain = text.replace("\u2019", "'").replace(" & ", " and ")
    return _WRITTEN_SHORT.sub(lambda short: _SHORT[short.group().lower()], plain)


def unled(text: str) -> str:
    """`text` without such words at its beginning, as it is where there is nothing else."""
    found = _LEAD.match(text)
    return text[found.end() :] if found else text


def is_lead(text: str) -> bool:
    """Whether `text` is nothing but such words."""
    return unled(f"{text}. x") == "x"


def plain_question(text: str) -> str:
    """The same of a question, which keeps the one word that says that it goes on from something: "oh, and why?"."""
    bare = unled(text)
    lead = words(text[: len(text) - len(bare)])
    return f"{lead[-1]} {bare}" if lead and lead[-1] in _GOING_ON else bare
