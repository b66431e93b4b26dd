"""Script files, whatever their parts: what is rendered is read again, and garbage raises ScriptError at most."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import assume, example, given
from hypothesis import strategies as st

from knowledge.script import Cards, Element, Poll, Problem, Quiz, Script, ScriptError, Section, Slider
from knowledge.script.elements import same_share
from knowledge.script.parser import read_script
from knowledge.script.text import clock, read_seconds, repair, slugify

# No deadline: the first example pays for the import of ftfy, and a loaded machine proves nothing wrong.

LETTERS = "abcdefghijklmnopqrstuvwxyz\u00e4\u00e9\u03b1\u0436"
WORDS = st.text(LETTERS, min_size=1, max_size=8).filter(lambda word: word not in ("and", "or"))
PHRASES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
SENTENCES = PHRASES.map(lambda phrase: phrase.capitalize() + ".")
ITEMS = st.lists(PHRASES, max_size=4).map(tuple)
SECONDS = st.integers(min_value=1, max_value=2 * 3600)


@dataclass(frozen=True)
class Part:
    """A section as generated: its texts, its points and how its element is worded."""

    title: str
    content: str
    points: tuple[str, ...]
    engagement: str | None
    element: Element | None
    wording: str | None
    seconds: int


def written_time(seconds: int, style: int) -> str:
    minutes, rest = divmod(seconds, 60)
    styles = [
        f"{seconds} seconds",
        f"{minutes} minutes {rest} seconds",
        clock(seconds),
        f"{minutes} MIN, {rest} sec.",
        f"{seconds // 3600} hours {minutes % 60} min and {rest} s",
    ]
    return styles[style % len(styles)]


def worded_element(element: Element) -> str:
    match element:
        case Poll(question, options):
            return f"Poll: {question} ({' / '.join(options)})"
        case Quiz(question, answer):
            return f"Quiz: {question} (Reveal answer: {answer})"
        case Slider(text):
            return f"Slider tool: {text}"
        case Cards(text):
            return text
        case _:
            raise AssertionError(element)


@st.composite
def elements(draw: st.DrawFn, points: tuple[str, ...], maximum: float | None) -> Element | None:
    question = draw(PHRASES) + "?"
    percent = draw(st.integers(0, 100))
    options = draw(st.lists(PHRASES, min_size=2, max_size=5, unique_by=str.casefold))
    choices: list[Element | None] = [
        None,
        Poll(question, tuple(options)),
        Quiz(question, f"Over {percent}%", "over", float(percent)),
        Quiz(question, f"Roughly {percent} percent", "about", float(percent)),
        Quiz(question, options[0], None, None),
        Slider(question, maximum),
    ]
    if points:
        choices.append(Cards("Clickable icons for each", ()))
    return draw(st.sampled_from(choices))


@st.composite
def parts(draw: st.DrawFn, maximum: float | None) -> Part:
    points = tuple(draw(st.lists(PHRASES, min_size=2, max_size=5))) if draw(st.booleans()) else ()
    content = draw(SENTENCES)
    inline = draw(st.booleans())
    if points and inline:
        listed = [f"{number}) {point}" for number, point in enumerate(points, start=1)]
        content += " Here: " + ", ".join(listed[:-1]) + f", and {listed[-1]}."
    elif points:
        content += "".join(f"\n{number}. {point}" for number, point in enumerate(points, start=1))
    element = draw(elements(points, maximum))
    wording = worded_element(element) if element else None
    return Part(
        title=draw(PHRASES),
        content=content,
        points=points,
        engagement=draw(st.none() | SENTENCES),
        element=element,
        wording=wording,
        seconds=draw(SECONDS),
    )


def rendered(title: str, found: list[Part], takeaways: tuple[str, ...], maximum: int | None, style: int) -> str:
    lines = [f"# {title}", "", "## Detailed Script Structure", ""]
    for place, part in enumerate(found):
        lines += ["### Part", "", f"#### {part.title}"] if place % 2 else [f"### {part.title}"]
        lines += ["", f"Content: {part.content}"]
        lines += [f"Engagement: {part.engagement}"] if part.engagement else []
        lines += [f"Interactive Element: {part.wording}"] if part.wording else []
        lines += [f"Estimated Time: {written_time(part.seconds, style + place)}", ""]
    lines += [f"Total Estimated Time: {written_time(sum(part.seconds for part in found), style)}", ""]
    lines += ["## Additional Information", "", "### Key Takeaways", *(f"- {item}" for item in takeaways), ""]
    lines += ["### Statistics", f"- Savings of up to {maximum}% are seen"] if maximum is not None else []
    return "\n".join(lines) + "\n"


def parsed(data: bytes, authored: bytes | None = None) -> Script:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.txt"
        path.write_bytes(data)
        if authored is not None:
            (Path(folder) / "some.authored.toml").write_bytes(authored)
        return read_script(path)


def outcome(data: bytes, authored: bytes | None = None) -> tuple[Script | None, list[Problem]]:
    """Return the script or the problems; any other error goes through."""
    try:
        return parsed(data, authored), []
    except ScriptError as error:
        return None, error.problems


def lines_of(data: bytes) -> range:
    return range(1, data.count(b"\n") + data.count(b"\r") + 2)


def same(section: Section, part: Part) -> None:
    assert (section.title, section.content, section.points) == (part.title, part.content, part.points)
    assert (section.engagement, section.element_text, section.seconds) == (part.engagement, part.wording, part.seconds)
    if isinstance(part.element, Cards):
        assert isinstance(section.element, Cards)
        assert tuple(card.title for card in section.element.cards) == part.points
    else:
        assert section.element == part.element


@given(
    st.data(),
    PHRASES,
    ITEMS,
    st.none() | st.integers(0, 100),
    st.integers(0, 4),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_rendered_is_read_again(
    data: st.DataObject, title: str, takeaways: tuple[str, ...], maximum: int | None, style: int, newline: str
) -> None:
    share = None if maximum is None else maximum / 100
    found = data.draw(st.lists(parts(share), min_size=1, max_size=5))
    text = rendered(title, found, takeaways, maximum, style)
    assume(all(repair(line) == line for line in text.split("\n")))
    script = parsed(text.replace("\n", newline).encode("utf-8"))
    assert (script.title, script.takeaways, script.warnings) == (title, takeaways, ())
    assert len(script.sections) == len(found)
    for place, (section, part) in enumerate(zip(script.sections, found, strict=True)):
        same(section, part)
        assert section.start == sum(earlier.seconds for earlier in found[:place])
    assert script.total_seconds == sum(part.seconds for part in found)
    assert len({section.slug for section in script.sections}) == len(found)


@given(st.lists(PHRASES.map(lambda phrase: f"Say {phrase}."), min_size=1, max_size=8), st.integers(1, 4))
def test_every_paragraph_belongs_to_a_section(spoken: list[str], count: int) -> None:
    sections = "".join(f"### S\nContent: {spoken[each % len(spoken)]}\nEstimated Time: 1:00\n" for each in range(count))
    text = "# T\n## Full Script\n\n" + "\n\n".join(spoken) + f"\n\n## Detailed Script Structure\n{sections}"
    script = parsed(text.encode("utf-8"))
    assert [paragraph.text for paragraph in script.narration] == [repair(each) for each in spoken]
    assert {paragraph.section for paragraph in script.narration} <= {section.slug for section in script.sections}


SNIPPETS = st.sampled_from(
    """# |## |### |#### |##### |##|Full Script|Detailed Script Structure|Additional Information|Key Takeaways|Statistics
YouTube Listing|Content: |Estimated Time: |Total Estimated Time: |Interactive Element: |Poll: |Quiz: |Slider: |
Clickable icons|1) |2) |3. |- |(|)| / |?|%|up to |Useful links: |#tag|Note: |1 minute|:30|\u00f0\u0178\u0161\u20ac
\U0001f680|\u200b|\u2028|\x85|&#10;|&lt;|\ufffd|\ufeff""".replace("\n", "|\n|").split("|")
)
GARBAGE = st.lists(st.one_of(SNIPPETS, st.just("\n"), st.text(st.characters(exclude_categories=["Cs"]), max_size=5)))


@given(GARBAGE.map("".join).map(lambda text: text.encode("utf-8")) | st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"# T\n## Detailed Script Structure\n### A\nContent: 1) a 2) b\nEstimated Time: " + b"9" * 6000 + b" sec")
def test_garbage_raises_script_error_at_most(data: bytes) -> None:
    script, problems = outcome(data)
    assert (script is None) == bool(problems)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert all(problem.line in lines_of(data) for problem in problems)
    assert script is None or (script.title and script.sections)


TOML_SNIPPETS = st.sampled_from(
    [
        "[quiz]",
        "[cards]",
        "[short_version]",
        "[",
        "]",
        "=",
        '"',
        "wrong",
        "explanation",
        "text",
        "1",
        "{",
        "}",
        "\n",
        ",",
    ]
)
SOUND = b"""# T
## Detailed Script Structure
### A
Content: 1) a, 2) b
Interactive Element: Press the cards
Estimated Time: 1:00
### B
Content: c
Interactive Element: Quiz: Share? (Answer: 60%)
Estimated Time: 1:00
"""


@given(st.lists(TOML_SNIPPETS | st.text(max_size=3)).map("".join).map(lambda text: text.encode("utf-8", "replace")))
@example(b"a = " + b"[" * 100_000)
@example(b"a = " + b"9" * 6000)
@example(b"\xef\xbb\xbf[quiz]\r\nwrong = ['a']\r\n")
@example(b"[cards.1]\nx = 1")
@example(b"[[quiz]]\nwrong = 1")
def test_garbage_beside_a_script_raises_script_error_at_most(authored: bytes) -> None:
    script, problems = outcome(SOUND, authored)
    assert (script is None) == bool(problems)
    assert all(problem.file == "some.authored.toml" and problem.line in lines_of(authored) for problem in problems)


@given(SECONDS, st.integers(0, 4))
def test_times_are_read_as_written(seconds: int, style: int) -> None:
    assert read_seconds(written_time(seconds, style)) == seconds


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    seconds = read_seconds(text)
    assert seconds is None or seconds >= 0


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_repaired_text_holds_no_invisible_characters(text: str) -> None:
    repaired = repair(text)
    assert repaired == " ".join(repaired.split())
    assert not any(0x1F000 <= ord(char) <= 0x1FBFF or char in "\u200b\u200d\u202e\ufeff\ufe0f" for char in repaired)


@given(st.text(max_size=120))
def test_slugs_are_short_and_plain(title: str) -> None:
    slug = slugify(title)
    assert len(slug) <= 48
    assert slug == slugify(slug)
    assert slug.isascii()


SHARES = st.builds(
    lambda relation, percent: f"{relation} {percent}%",
    st.sampled_from(["Over", "Under", "About", "Exactly"]),
    st.integers(1, 99),
)


@given(SHARES, SHARES)
def test_shares_agree_both_ways_and_with_themselves(one: str, other: str) -> None:
    assert same_share(one, one)
    assert same_share(one, other) == same_share(other, one)
