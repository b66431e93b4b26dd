"""In which of a few languages something is written."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from knowledge.words import frequency, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Codes of ISO 639-1.
KNOWN = ("en", "de", "fr", "es", "pt", "it")
# With such a share of words that English has, too, it is English: 6 of 100 English lines have a smaller one, of 28
# short questions in other languages 2 a greater one. So what tells languages apart is seldom loaded: it takes 0.5 s.
ENGLISH = 0.7
# As probable as that, a language is named. Of 3,651 lines of `tests/eval`, 14 in other languages, no English one is
# taken for another at 0.9 (at 0.85 one, at 0.5 eleven); 23 of 28 short questions in five languages are known.
SURE = 0.9
# A name is of no language.
_NAME = re.compile(r"\bfinops\b", re.I)


def language_of(text: str) -> str:
    """The language of `text`, by its code; "en" where it may well be English, or is not clear which."""
    plain = _NAME.sub(" ", text)
    said = words(plain)
    if len(said) < 2 or sum(frequency(word) > 0 for word in said) >= ENGLISH * len(said):
        return "en"
    language, probability = _identifier().classify(plain)
    return str(language) if probability >= SURE else "en"


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(KNOWN)
    return identifier
