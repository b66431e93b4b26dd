"""What the passages of a script are called, and how people ask for them.

All of it is about the form of the series, never about one script. In a hint `{s}` stands for a section, by its title
or by its part in the video ("the opening", "the definition").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of passage: the words before its text in an answer, the questions for it, and the words that ask for it.

    `named` kinds hold what a person asks for by name (a cue, a note, a length) and seldom meets otherwise.
    """

    name: str
    lead: str = ""
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    named: bool = True
    plural: str = ""


CONTENT = Kind("content", hints=("{s}", "What is said about {s}?"), named=False)
POINTS = Kind(
    "points",
    "{s}:",
    (
        "What are the {n} {s}?",
        "List the {s}.",
        "Which of the {s} is about this?",
        "What is the first, second or third of the {s}?",
    ),
    ("list", "listed"),
    named=False,
)
TEASER = Kind(
    "teaser",
    hints=(
        "What is the next topic?",
        "What is the next topic teaser?",
        "What comes up in the next video or episode of the series?",
        "What follows after this video?",
    ),
    words=(
        *("next", "upcoming", "teaser", "following", "episode", "sequel", "promise", "promised", "announce"),
        *("announced", "afterwards", "after this"),
    ),
    named=False,
)
CALL = Kind(
    "call",
    hints=(
        "What is the call to action?",
        "What are viewers asked to do at the end of the video?",
        "What should I do after watching?",
    ),
    words=("action", "subscribe", "viewers", "cta"),
    named=False,
)
NARRATION = Kind("narration", named=False)

VISUAL = Kind(
    "visual",
    "Visual cue ({s}):",
    (
        "What is the visual cue for {s}?",
        "Which picture, animation, diagram or chart illustrates {s}?",
        "What is shown on the screen during {s}?",
    ),
    (
        *("visual", "visually", "visuals", "picture", "pictured", "image", "animation", "animated", "graphic"),
        *("graphics", "diagram", "chart", "graph", "infographic", "illustration", "illustrates", "illustrated"),
        *("screen", "displayed", "drawing", "depicted", "see", "seen", "shown", "look"),
    ),
    plural="Visual cues",
)
AUDIO = Kind(
    "audio",
    "Audio cue ({s}):",
    (
        "What is the audio cue for {s}?",
        "Which sound, noise or music is heard during {s}?",
    ),
    ("audio", "sound", "sounds", "music", "noise", "hear", "heard", "listen", "jingle", "tune", "soundtrack", "play"),
    plural="Audio cues",
)
ACCESSIBILITY = Kind(
    "accessibility",
    "Accessibility note ({s}):",
    (
        "What is the accessibility note for {s}?",
        "What should be described to blind or visually impaired viewers in {s}?",
    ),
    (
        *("accessibility", "accessible", "blind", "impaired", "sighted", "disabled", "deaf", "alt text"),
        *("cannot see", "can't see", "unable to see"),
    ),
    plural="Accessibility notes",
)
ENGAGEMENT = Kind(
    "engagement",
    "Engagement question ({s}):",
    (
        "What engagement question is asked in {s}?",
        "What are viewers asked to think about or share in {s}?",
        "A discussion starter about {s}",
    ),
    ("engagement", "engage", "discussion", "discuss", "viewers", "audience", "asked", "question", "questions"),
    plural="Engagement questions",
)
ELEMENT = Kind(
    "element",
    "Interactive element ({s}):",
    (
        "What is the interactive element in {s}?",
        "What can viewers click, try or take part in during {s}?",
    ),
    (
        *("interactive", "poll", "quiz", "slider", "click", "clickable", "clicked", "icon", "icons", "tool", "element"),
        *("survey", "options", "vote"),
    ),
    plural="Interactive elements",
)
TIMING = Kind(
    "timing",
    "Estimated time ({s}):",
    (
        "How long is the section {s}?",
        "How much time does {s} take?",
        "When does {s} start and end in the video?",
    ),
    (
        *("long", "duration", "minutes", "minute", "seconds", "time", "times", "length", "start", "starts", "begin"),
        *("begins", "timestamp", "clock", "end", "ends", "last", "lasts", "long is it"),
    ),
    plural="Estimated times",
)
POLL_HINTS = ("What is the poll question?", "What are the options of the poll?", "In which section is the poll?")
QUIZ_HINTS = ("What is the quiz question?", "What is the answer to the quiz?", "In which section is the quiz?")
CARDS_HINTS = ("What happens when you click on an icon?", "Which icons are there to click?")
SLIDER_HINTS = ("How does the slider tool work?", "What does the slider estimate?")

_WHOLE = ("video", "clip", "film", "episode", "script")

TITLE = Kind(
    "title",
    "The video's title:",
    ("What is the title of the video?", "What is this video or script called?"),
    ("title", "called"),
)
SEO_TITLE = Kind("seo-title", "The SEO title:", ("What is the SEO title?",), ("title", "seo"))
CHAPTER = Kind(
    "chapter",
    "The chapter:",
    ("Which chapter does the video belong to?", "What is the name of the chapter in the book?"),
    ("chapter",),
)
SERIES_SECTION = Kind(
    "series-section",
    "The section of the series:",
    ("Which section of the book or series does the video belong to?",),
    ("section",),
)
TARGET_LENGTH = Kind(
    "target-length",
    "The target length of the video:",
    ("What is the target length of the video?", "How long should the video be?"),
    ("target", "length"),
)
TOTAL_TIME = Kind(
    "total-time",
    "The total estimated time of the video:",
    ("What is the total estimated time?", "How long is the video in total?", "What is the running time?"),
    (
        *("total", "altogether", "whole", "entire", "overall", "runtime", "running time", "video length"),
        *("it all", "all of it", "everything", "long is it"),
        *(f"long {verb} {which} {what}" for verb in ("is", "does") for which in ("the", "this") for what in _WHOLE),
        *(f"length of {which} {what}" for which in ("the", "this") for what in _WHOLE),
    ),
)
OUTLINE = Kind(
    "outline",
    "The sections of the video:",
    ("Which sections does the video have?", "How is the video structured?", "What does the video cover?"),
    ("sections", "structure", "structured", "outline", "parts"),
)

TAKEAWAYS = Kind(
    "takeaways",
    "The key takeaways:",
    ("What are the key takeaways?", "What should I remember from this video?", "Summarise the main points."),
    ("takeaway", "takeaways", "remember", "summary", "summarise", "summarize"),
    named=False,
)
KEYWORDS = Kind(
    "keywords",
    "The SEO keywords:",
    ("What are the SEO keywords?", "Which search terms or tags is the video optimised for?"),
    ("keyword", "keywords", "seo", "tags"),
)
RESOURCES = Kind(
    "resources",
    "Additional resources:",
    (
        "Which additional resources are there?",
        "Where can I read more or learn more about this?",
        "Which books, websites and links are recommended for further reading?",
    ),
    ("resource", "resources", "read", "reading", "book", "books", "links", "website"),
)
QUOTES = Kind(
    "quotes",
    "",
    ("What do the experts say?", "Give me an expert quote.", "Which quotes are there?"),
    ("quote", "quotes", "quotation", "expert", "experts"),
    named=False,
)
STATISTICS = Kind(
    "statistics",
    "",
    ("What are the statistics?", "Which figures, numbers or percentages are given?", "Show me the data."),
    ("statistic", "statistics", "stats", "stat", "percentage", "percentages", "figures", "numbers", "data"),
    named=False,
)
EXPLANATION = Kind(
    "explanation",
    hints=("Why is {s} a benefit?", "Explain {s}.", "What is meant by {s}?", "What is behind the icon of {s}?"),
    named=False,
)
SHORT_VERSION = Kind(
    "short-version",
    hints=("Give me the 60-second version.", "What is the one-minute version?", "Tell me all of it in short."),
    words=("short version", "60-second version", "one-minute version", "in a nutshell"),
)
EXAMPLES = Kind(
    "examples",
    "",
    ("Which practical examples are there?", "Is there a real-world example or case study?"),
    ("example", "examples", "practical"),
    named=False,
)
SHORT_FORM = Kind(
    "short-form",
    "",
    (
        "What should the short form adaptation focus on?",
        "How is the short version for TikTok, reels or shorts made?",
        "Guidelines for a one-minute clip",
    ),
    ("short", "shorts", "reel", "reels", "tiktok", "instagram", "clip", "adaptation"),
)
LISTING = Kind(
    "listing",
    "",
    ("What is the YouTube description?", "Who is the video for?", "What is the audience of the video?"),
    ("youtube", "listing", "description", "audience", "meant", "intended", "aimed"),
)
HASHTAGS = Kind("hashtags", "The hashtags:", ("Which hashtags are used?",), ("hashtag", "hashtags"))
LINKS = Kind(
    "links",
    "Useful links (named without an address):",
    ("Which useful links are in the YouTube listing?",),
    ("link", "links"),
)

# A list of the notes: the script's field, the heading that its source line names, the kind.
LISTS = (
    ("takeaways", "Key Takeaways", TAKEAWAYS),
    ("keywords", "SEO Keywords", KEYWORDS),
    ("resources", "Additional Resources", RESOURCES),
    ("quotes", "Expert Quotes", QUOTES),
    ("statistics", "Statistics", STATISTICS),
    ("examples", "Practical Examples", EXAMPLES),
)
FIELDS = (VISUAL, AUDIO, ACCESSIBILITY, ENGAGEMENT, ELEMENT, TIMING)


def overview(kind: Kind) -> Kind:
    """The kind that gathers one field of all sections, for questions that name no section."""
    many = kind.plural.lower()
    return Kind(
        f"{kind.name}-overview",
        f"{kind.plural}:",
        (
            f"List all {many}, section by section.",
            f"Which {many} are there in the video?",
            f"{kind.plural} of the main content",
            f"Does every section have one of the {many}?",
        ),
        kind.words,
    )
