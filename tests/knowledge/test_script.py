"""Script files: what is read from the real one and from another, and what is told of malformed ones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from pathlib import Path

import pytest

from knowledge.script import Card, Cards, OtherElement, Poll, Quiz, Script, ScriptError, Slider
from knowledge.script.elements import read_points, read_share, same_share
from knowledge.script.parser import read_script, read_scripts
from knowledge.script.text import clock, read_seconds, repair, slugify

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "knowledge" / "scripts"
OWN_SCRIPTS = Path(__file__).parent / "scripts"

SMALL = """\
# Small

## Detailed Script Structure

### One

Content: Say something.
Estimated Time: 30 seconds
"""


@pytest.fixture(scope="module")
def finops() -> Script:
    return read_script(SCRIPTS / "role-of-finops.txt")


@pytest.fixture(scope="module")
def dataops() -> Script:
    return read_script(OWN_SCRIPTS / "dataops-and-mlops.txt")


def written(folder: Path, text: str | bytes, name: str = "small.txt") -> Path:
    """Write a file as given (no line endings are changed)."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ScriptError) as caught:
        read_script(path)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def warnings_of(path: Path) -> list[str]:
    return [str(warning) for warning in read_script(path).warnings]


def all_texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in all_texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in all_texts(each)]
    return []


# --- the real script ---------------------------------------------------------------------------------------------


def test_head_of_the_real_script(finops: Script) -> None:
    assert finops.file == "role-of-finops.txt"
    assert finops.slug == "role-of-finops"
    assert finops.title == "The role of FinOps in AI project success"
    assert finops.seo_title == "FinOps: The Key to Successful AI Projects | Cost Optimization & ROI"
    assert finops.chapter == "FinOps: Optimizing AI Costs and ROI"
    assert finops.series_section == "The Importance of FinOps in AI"
    assert finops.target_length == "7-10 minutes"
    assert finops.warnings == ()


def test_sections_of_the_real_script_follow_the_clock(finops: Script) -> None:
    assert [(each.title, clock(each.start), clock(each.end)) for each in finops.sections] == [
        ("Introduction", "0:00", "0:30"),
        ("What is FinOps?", "0:30", "2:00"),
        ("Why FinOps Matters in AI", "2:00", "4:00"),
        ("Key Benefits of FinOps in AI", "4:00", "6:00"),
        ("FinOps in Action: A Case Study", "6:00", "8:00"),
        ("Conclusion", "8:00", "9:00"),
    ]
    assert [each.slug for each in finops.sections] == [
        "introduction",
        "what-is-finops",
        "why-finops-matters-in-ai",
        "key-benefits-of-finops-in-ai",
        "finops-in-action-a-case-study",
        "conclusion",
    ]
    assert [each.seconds for each in finops.sections] == [30, 90, 120, 120, 120, 60]
    assert finops.total_seconds == 540


def test_texts_of_a_section(finops: Script) -> None:
    section = finops.sections[1]
    assert section.content.startswith("FinOps, or Financial Operations, is like the financial compass")
    assert section.content.endswith("the realities of your budget.")
    assert section.visual == (
        "Animated diagram showing FinOps as a bridge between AI innovation and financial management"
    )
    assert section.audio == "Soft 'ping' sound when key terms appear on screen"
    assert section.engagement == "Have you ever faced budget surprises in your tech projects? Share in the comments!"
    assert section.element_text == (
        "Poll: How familiar are you with FinOps? (Very familiar / Somewhat familiar / Not at all)"
    )
    assert section.accessibility == "Describe the bridge diagram in detail for audio description"
    assert (section.teaser, section.points) == (None, ())


def test_what_a_section_lacks_is_none(finops: Script) -> None:
    first, last = finops.sections[0], finops.sections[-1]
    assert (first.engagement, first.element, first.element_text, first.teaser) == (None, None, None, None)
    assert (last.element, last.accessibility) == (None, None)
    assert last.teaser == (
        "Next time, we'll explore how DataOps and MLOps complement FinOps in the AI Success Trinity. "
        "You won't want to miss it!"
    )


def test_poll_and_slider_of_the_real_script(finops: Script) -> None:
    assert finops.sections[1].element == Poll(
        "How familiar are you with FinOps?", ("Very familiar", "Somewhat familiar", "Not at all")
    )
    assert finops.sections[4].element == Slider("Estimate your potential cost savings with FinOps", 0.3)


def test_quiz_of_the_real_script(finops: Script) -> None:
    quiz = finops.sections[2].element
    assert isinstance(quiz, Quiz)
    assert quiz.question == "What percentage of AI projects go over budget?"
    assert (quiz.answer, quiz.relation, quiz.percent) == ("Over 60%", "over", 60.0)
    assert quiz.wrong == ("Under 10%", "About 25%", "About 40%")
    assert quiz.explanation is not None


def test_cards_of_the_real_script(finops: Script) -> None:
    cards = finops.sections[3].element
    assert isinstance(cards, Cards)
    assert cards.text == "Clickable icons for each benefit, revealing a brief explanation"
    assert [(card.number, card.title) for card in cards.cards] == [
        (1, "Cost transparency and accountability"),
        (2, "Optimized resource allocation"),
        (3, "Improved budgeting and forecasting"),
        (4, "Enhanced collaboration between teams"),
        (5, "Alignment of AI initiatives with business objectives"),
    ]
    assert finops.sections[3].points == tuple(card.title for card in cards.cards)
    assert all(card.explanation for card in cards.cards)


def test_narration_of_the_real_script(finops: Script) -> None:
    assert [each.section for each in finops.narration] == [
        "introduction",
        "what-is-finops",
        "why-finops-matters-in-ai",
        "key-benefits-of-finops-in-ai",
        "key-benefits-of-finops-in-ai",
        "finops-in-action-a-case-study",
        "conclusion",
        "conclusion",
    ]
    assert finops.narration[3].text.endswith(
        "Here are the top five benefits:\n1) Cost transparency and accountability\n2) Optimized resource allocation\n"
        "3) Improved budgeting and forecasting\n4) Enhanced collaboration between teams\n"
        "5) Alignment of AI initiatives with business objectives"
    )


def test_notes_of_the_real_script(finops: Script) -> None:
    assert [len(each) for each in (finops.takeaways, finops.keywords, finops.resources)] == [5, 8, 3]
    assert finops.takeaways[0] == "FinOps is crucial for managing costs and optimizing ROI in AI projects"
    assert finops.keywords[3] == "ROI in AI"
    assert finops.resources[0] == "Chapter: 'FinOps: Optimizing AI Costs and ROI' in 'The AI Success Trinity'"
    assert finops.short_form is not None
    assert finops.short_form.startswith("Create a 60-second version focusing on the top 3 benefits")
    assert len(finops.quotes) == 2
    assert finops.quotes[0].startswith("FinOps is not just about cutting costs; it's about maximising the value")
    assert finops.quotes[1].endswith("the expense of fiscal responsibility.")
    assert finops.statistics == (
        "Over 60% of AI projects go over budget",
        "Companies implementing FinOps practices can achieve up to 30% cost reduction in AI projects",
    )
    assert [example.partition(":")[0] for example in finops.examples] == [
        "Company X case study",
        "Public sector example",
    ]


def test_listing_of_the_real_script_is_repaired(finops: Script) -> None:
    listing = finops.listing
    assert listing is not None
    assert listing.hashtags == ("#FinOps", "#AISuccess", "#CostOptimization", "#TechROI")
    assert listing.links == ("FinOps Foundation website", "AI cost management tools")
    assert "success with FinOps! In this video" in listing.text
    assert "practical tips! For more in-depth information" in listing.text
    assert listing.text.endswith("Subscribe for more videos on mastering AI implementation!")


def test_no_text_of_the_real_script_is_damaged(finops: Script) -> None:
    texts = all_texts(asdict(finops))
    assert len(texts) > 100
    for text in texts:
        assert text.isascii(), [unicodedata.name(char, "?") for char in text if not char.isascii()]
        assert "  " not in text
        assert text == text.strip()


def test_authored_texts_add_no_figure(finops: Script) -> None:
    quiz, cards = finops.sections[2].element, finops.sections[3].element
    assert isinstance(quiz, Quiz)
    assert isinstance(cards, Cards)
    texts = [quiz.explanation, finops.short_version, *(card.explanation for card in cards.cards)]
    known = set(re.findall(r"\d+", (SCRIPTS / finops.file).read_text(encoding="utf-8")))
    for text in texts:
        assert text
        assert set(re.findall(r"\d+", text)) <= known


def test_short_version_takes_about_a_minute(finops: Script) -> None:
    assert finops.short_version is not None
    assert 140 <= len(finops.short_version.split()) <= 160
    for card_title in ("cost transparency", "optimized resource allocation", "improved budgeting"):
        assert card_title in finops.short_version


# --- another script of the same form -----------------------------------------------------------------------------


def test_sections_of_another_script(dataops: Script) -> None:
    assert [(each.slug, each.start, each.end) for each in dataops.sections] == [
        ("opening", 0, 45),
        ("dataops-the-plumbing-inspector", 45, 150),
        ("mlops-after-the-notebook", 150, 300),
        ("four-handovers", 300, 480),
        ("retrain-when-it-matters", 480, 570),
        ("farewell", 570, 630),
    ]
    assert dataops.total_seconds == 630
    assert dataops.warnings == ()
    assert "rings a bell before a leak" in dataops.sections[1].content


def test_elements_of_another_script(dataops: Script) -> None:
    _, poll, quiz, cards, slider, _ = (section.element for section in dataops.sections)
    assert poll == Poll(
        "Who repairs your data when it breaks?",
        ("Whoever notices", "A data engineer", "The CI/CD pipeline", "Nobody"),
    )
    assert quiz == Quiz(
        "What share of trained models ever serves a user (in the survey we commissioned)?",
        "Under 15 percent",
        "under",
        15.0,
        ("About 30%", "Over 50%"),
        "Most trained models stay in the notebook; MLOps takes over where it ends.",
    )
    assert cards == Cards(
        "Tap the cards to see what each handover saves",
        (
            Card(1, "Tagged datasets", "DataOps versions every table, so a tag shows whose cost it is."),
            Card(2, "Reproducible training runs"),
            Card(
                3,
                "Automatic shutdown of idle endpoints",
                "An unwatched model keeps costing, so what is idle is shut down.",
            ),
            Card(4, "A shared review of cost per prediction"),
        ),
    )
    # Two statistics say "up to N%"; the one on retraining and compute is the slider's.
    assert slider == Slider("Guess how much compute fewer retraining runs would free", 0.45)


def test_rest_of_another_script(dataops: Script) -> None:
    assert [each.section for each in dataops.narration] == [
        "opening",
        "dataops-the-plumbing-inspector",
        "mlops-after-the-notebook",
        "four-handovers",
        "four-handovers",
        "retrain-when-it-matters",
        "farewell",
        "farewell",
    ]
    assert dataops.listing is not None
    assert dataops.listing.hashtags == ("#DataOps", "#MLOps")
    assert dataops.listing.links == ("pipeline test checklist", "drift glossary", "model card template")
    assert dataops.short_version == "Three practices meet at four handovers. Begin with the one that hurts most."


def test_read_scripts_keeps_the_order_of_folders(tmp_path: Path) -> None:
    written(tmp_path, SMALL, "b.txt")
    written(tmp_path, SMALL, "a.txt")
    written(tmp_path, "not a script", ".hidden.txt")
    scripts = read_scripts([SCRIPTS, tmp_path, tmp_path / "missing", OWN_SCRIPTS])
    assert [script.slug for script in scripts] == ["role-of-finops", "a", "b", "dataops-and-mlops"]


def test_read_scripts_tells_everything_at_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    written(first, SMALL, "one.txt")
    written(first, SMALL.replace("30 seconds", "soon"), "two.txt")
    written(second, SMALL.replace("# Small\n", ""), "one.txt")
    written(second, "", "gone.authored.toml")
    with pytest.raises(ScriptError) as caught:
        read_scripts([first, second])
    assert [str(problem) for problem in caught.value.problems] == [
        'two.txt:8: section "One": no time in "soon"; expected for example "30 seconds", "1 minute 30 seconds" or '
        '"1:30"',
        f'one.txt:1: second script "one" (first: {first / "one.txt"}); expected another file name',
        'one.txt:1: no title; expected "# Title" on the first line',
        "gone.authored.toml:1: no script beside it; expected gone.txt in the same folder",
    ]


# --- tolerance ---------------------------------------------------------------------------------------------------


def test_a_small_script_has_nothing_else(tmp_path: Path) -> None:
    script = read_script(written(tmp_path, SMALL))
    assert (script.title, script.total_seconds, len(script.sections)) == ("Small", 30, 1)
    assert (script.seo_title, script.chapter, script.series_section, script.target_length) == (None,) * 4
    assert (script.narration, script.takeaways, script.quotes, script.statistics) == ((),) * 4
    assert (script.short_form, script.listing, script.short_version) == (None,) * 3
    assert script.warnings == ()


def test_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    plain = read_script(written(tmp_path, SMALL))
    marked = read_script(written(tmp_path, b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()))
    assert plain == marked


def test_keys_in_any_case_and_spacing(tmp_path: Path) -> None:
    text = SMALL.replace("Content:", "  CONTENT :").replace("Estimated Time:", "estimated  time:")
    assert read_script(written(tmp_path, text)).sections[0].content == "Say something."


def test_values_go_on_over_lines(tmp_path: Path) -> None:
    text = SMALL.replace("Say something.", "Say\nsomething:\n1) this, and\n2) that.\nDone.\n\nReally.")
    section = read_script(written(tmp_path, text)).sections[0]
    assert section.content == "Say something:\n1) this, and\n2) that.\nDone.\n\nReally."
    assert section.points == ("this", "that")


def test_equal_titles_get_different_slugs(tmp_path: Path) -> None:
    text = SMALL + "\n### One\nContent: a\nEstimated Time: 1:00\n\n### ???\nContent: b\nEstimated Time: 1:00\n"
    assert [each.slug for each in read_script(written(tmp_path, text)).sections] == ["one", "one-2", "section"]


def test_invisible_characters_and_pictographs_go() -> None:
    assert repair("a\u200bb \u202ec\ufeff") == "ab c"
    assert repair("Great \U0001f680\u2728 !  Go\u2764\ufe0fon 1\ufe0f\u20e3") == "Great! Go on 1"
    assert repair("\U0001f469\u200d\U0001f4bb \U0001f1e9\U0001f1ea hi") == "hi"
    assert repair("5 \u00b0C \u2192 na\u00efve caf\u00e9 \u2122") == "5 \u00b0C \u2192 na\u00efve caf\u00e9 \u2122"


def test_damage_beyond_repair_is_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("Say something.", "Say \ufffdsomething."))
    assert warnings_of(path) == ["small.txt:7: damaged characters that cannot be repaired; write them anew"]
    assert read_script(path).sections[0].content == "Say something."


def test_an_unknown_element_is_kept_with_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL + "Interactive Element: Word cloud: One word for it\n")
    section = read_script(path).sections[0]
    assert section.element == OtherElement("Word cloud", "One word for it")
    assert section.element_text == "Word cloud: One word for it"
    known = "(known: Poll, Quiz, Clickable icons, Slider)"
    assert warnings_of(path) == [f'small.txt:9: unknown kind of interactive element "Word cloud": kept as text {known}']
    bare = read_script(written(tmp_path, SMALL + "Interactive Element: Something to drag\n")).sections[0]
    assert bare.element == OtherElement("element", "Something to drag")


def test_a_slider_without_statistics_has_no_maximum(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL + "Interactive Element: Slider: How much?\n")
    assert read_script(path).sections[0].element == Slider("How much?", None)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    text = (
        "# T\nAuthor: me\n\n## Prologue\nlost\n\n## Detailed Script Structure\n### One\nstray\nContent: c\n"
        "Visual Cues: v\nand more of it\nEstimated Time: 5 sec\n\n## Additional Information\nstray\n"
        "### Bloopers\n- b\n### Statistics\nbare\n- item\n"
    )
    path = written(tmp_path, text)
    script = read_script(path)
    assert (script.sections[0].content, script.sections[0].visual, script.statistics) == ("c", None, ("bare", "item"))
    assert [(each.line, each.text.partition(": left out")[0]) for each in script.warnings] == [
        (2, 'head of the script: unknown key "Author"'),
        (4, 'unknown heading "Prologue"'),
        (9, 'section "One": text without a key'),
        (11, 'section "One": unknown key "Visual Cues" (did you mean "Visual Cue"?)'),
        (16, "Additional Information: text before the first ### heading"),
        (17, 'unknown heading "Bloopers"'),
        (20, 'Statistics: expected "- ..."; the line is taken as an item'),
    ]


def test_hashtags_within_a_sentence_keep_their_word(tmp_path: Path) -> None:
    text = "## Additional Information\n### YouTube Listing\nAsk #Ops today, item #1.\n#A #B\nBye. #C\n"
    listing = read_script(written(tmp_path, SMALL + text)).listing
    assert listing is not None
    assert (listing.text, listing.hashtags) == ("Ask Ops today, item #1. Bye.", ("#Ops", "#A", "#B", "#C"))


# --- malformed scripts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty; expected a script that begins with '# Title'"),
        (b" \r\n\xef\xbb\xbf\n", "the file is empty; expected a script that begins with '# Title'"),
        (b"# T\n\0\x01", "the file is binary; expected text in UTF-8"),
        (b"# T\ncaf\xe9\n", "the file is not UTF-8 (first bad character on line 2); save it as UTF-8"),
        ("# T\n".encode("utf-16"), "the file is binary; expected text in UTF-8"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    assert problems_of(written(tmp_path, data)) == [f"small.txt:1: {message}"]


def test_a_missing_file(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "gone.txt") == ["gone.txt:1: the file cannot be read: No such file or directory"]


def test_all_problems_of_a_script_at_once(tmp_path: Path) -> None:
    text = """\
## Detailed Script Structure
### One
Content: a
Content: b
Interactive Element: Poll: Which? (Only this)
Estimated Time: a while
### Two
Interactive Element: Quiz: How many?
Estimated Time: 0 seconds
#### Three
Content: no points
Interactive Element: Clickable icons for each
##### Deep
# Late title
# Later title
## Detailed Script Structure
## Additional Information
### Statistics
### Statistics
"""
    path = written(tmp_path, text)
    written(tmp_path, "[quiz]\nwrong = [\n", "small.authored.toml")
    times = 'expected for example "30 seconds", "1 minute 30 seconds" or "1:30"'
    assert problems_of(path) == [
        'small.txt:4: section "One": second "Content" (first on line 3)',
        'small.txt:5: poll "Which?": only the option Only this; expected at least two, as in (A / B / C)',
        f'small.txt:6: section "One": no time in "a while"; {times}',
        'small.txt:7: section "Two" has no Content; expected "Content: ..."',
        'small.txt:8: quiz "How many?": no answer in brackets; expected (Reveal answer: ...)',
        f'small.txt:9: section "Two": no time in "0 seconds"; {times}',
        'small.txt:10: section "Three" has no Estimated Time; expected for example "Estimated Time: 30 seconds"',
        'small.txt:12: clickable cards "Clickable icons for each": no numbered points in the section\'s Content; '
        "expected 1) ..., 2) ...",
        'small.txt:13: heading "Deep" is too deep; expected ### or #### for a section',
        'small.txt:15: second title "Later title" (first on line 14); expected one',
        'small.txt:16: second heading "Detailed Script Structure" (first on line 1)',
        'small.txt:19: second heading "Statistics" (first on line 18)',
        "small.authored.toml:2: no valid TOML: Invalid value (at end of document)",
    ]


def test_title_and_sections_are_required(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, "Chapter: x\n\n## Full Script\n\nHello.\n")) == [
        'small.txt:1: no title; expected "# Title" on the first line',
        'small.txt:1: no section; expected "## Detailed Script Structure" and below it "### Name" headings',
    ]


@pytest.mark.parametrize(
    ("total", "message"),
    [
        ("1 minute", '"Total Estimated Time" says 1:00, but the sections add up to 0:30'),
        (
            "long",
            'no time in "Total Estimated Time: long"; '
            'expected for example "30 seconds", "1 minute 30 seconds" or "1:30"',
        ),
    ],
)
def test_total_is_checked(tmp_path: Path, total: str, message: str) -> None:
    path = written(tmp_path, f"{SMALL}\nTotal Estimated Time: {total}\n")
    assert problems_of(path) == [f"small.txt:10: {message}"]


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ("Poll: (A / B)", 'poll: no question; expected "Poll: question? (A / B / C)"'),
        ("Poll: Which?", 'poll "Which?": no options in brackets; expected at least two, as in (A / B / C)'),
        ("Poll: Which? ( / )", 'poll "Which?": no option; expected at least two, as in (A / B / C)'),
        ("Poll: Which? (A / a)", 'poll "Which?": the same option twice; expected different ones'),
        ("Quiz: (Answer: 3)", 'quiz: no question; expected "Quiz: question? (Reveal answer: ...)"'),
        ("Quiz: Why? (Answer:)", 'quiz "Why?": no answer in brackets; expected (Reveal answer: ...)'),
    ],
)
def test_malformed_elements(tmp_path: Path, element: str, message: str) -> None:
    path = written(tmp_path, f"{SMALL}Interactive Element: {element}\n")
    assert problems_of(path) == [f"small.txt:9: {message}"]


# --- authored files ----------------------------------------------------------------------------------------------

QUIZ_AND_CARDS = (
    SMALL.replace("Say something.", "1) a, 2) b.")
    + "Interactive Element: Clickable icons\n### Two\nContent: c\nEstimated Time: 1:00\n"
    + "Interactive Element: Quiz: Share? (Reveal answer: Over 60%)\n"
)


def test_problems_of_an_authored_file(tmp_path: Path) -> None:
    path = written(tmp_path, QUIZ_AND_CARDS)
    authored = """\
sort = "x"
[quiz]
wrong = [
  "over 60%",
  "About 62%",
  "Over 40%",
  "Under 60%",
]
hint = "h"
[cards]
"2" = "fine"
"3" = "nothing"
"b" = "nothing"
[short_version]
text = ""
[extra]
"""
    written(tmp_path, authored, "small.authored.toml")
    assert problems_of(path) == [
        'small.authored.toml:1: unknown key "sort"; expected [quiz], [cards], [short_version]',
        'small.authored.toml:4: [quiz] wrong option "over 60%" is the answer; expected another',
        'small.authored.toml:5: [quiz] wrong option "About 62%" can be right, as the answer is "Over 60%"',
        'small.authored.toml:6: [quiz] wrong option "Over 40%" can be right, as the answer is "Over 60%"',
        'small.authored.toml:9: [quiz] unknown key "hint"; expected wrong, explanation',
        'small.authored.toml:12: [cards] no card "3" in the script; expected "1" to "2"',
        'small.authored.toml:13: [cards] "b" is no card number; expected "1", "2", ...',
        'small.authored.toml:15: [short_version] "text": expected a text that is not empty',
        'small.authored.toml:16: unknown key "extra"; expected [quiz], [cards], [short_version]',
    ]


@pytest.mark.parametrize(
    ("authored", "problem"),
    [
        ("[quiz]\nwrong = ['a']", "1: [quiz] the script has no quiz"),
        ("\n[cards]\n1 = 'a'", "2: [cards] the script has no clickable cards"),
        ("quiz = 3", '1: "quiz" is no table; expected [quiz]'),
        ("a = 1\nb = = 2", "2: no valid TOML: Invalid value (at line 2, column 5)"),
        ("[quiz]\nwrong = 'a'", '2: [quiz] "wrong": expected a list of texts, as in ["One", "Another"]'),
        ("[quiz]\nwrong = ['a', 'A']", '2: [quiz] "wrong": "a" is there twice; expected different ones'),
    ],
)
def test_authored_texts_without_a_place(tmp_path: Path, authored: str, problem: str) -> None:
    written(tmp_path, authored, "small.authored.toml")
    assert f"small.authored.toml:{problem}" in problems_of(written(tmp_path, SMALL))


def test_authored_texts_are_repaired_too(tmp_path: Path) -> None:
    authored = '[quiz]\nexplanation = """\nSo  \U0001f680 it\nis.\n\nYes."""\n[cards]\n1 = "x\u200b"'
    written(tmp_path, authored, "small.authored.toml")
    cards, quiz = (section.element for section in read_script(written(tmp_path, QUIZ_AND_CARDS)).sections)
    assert cards == Cards("Clickable icons", (Card(1, "a", "x"), Card(2, "b")))
    assert quiz == Quiz("Share?", "Over 60%", "over", 60.0, (), "So it is.\n\nYes.")


# --- small readings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", 30),
        ("1 minute 30 seconds", 90),
        ("1 minute and 30 seconds", 90),
        ("2 minutes", 120),
        ("1 min", 60),
        ("90 sec", 90),
        ("1:30", 90),
        ("1:02:30", 3750),
        ("1.5 Minutes.", 90),
        ("1 hour, 5 min", 3900),
        ("", None),
        ("soon", None),
        ("2", None),
        ("2 parsecs", None),
        ("1:75", None),
        ("2 minutes or so", None),
        ("9" * 5000 + " seconds", None),
    ],
)
def test_times(text: str, seconds: int | None) -> None:
    assert read_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Over 60%", ("over", 60.0)),
        ("More than 60 per cent of them", ("over", 60.0)),
        ("no more than 12.5%", ("under", 12.5)),
        ("Under 20%", ("under", 20.0)),
        ("About 40 percent", ("about", 40.0)),
        ("60%", ("exactly", 60.0)),
        ("It is 60%", ("exactly", 60.0)),
        ("60% or more", ("over", 60.0)),
        ("More than half", (None, None)),
        ("40-60%", (None, None)),
        ("between 40 and 60%", (None, None)),
        ("40% to 60%", (None, None)),
        ("Paris", (None, None)),
    ],
)
def test_shares(text: str, share: tuple[str | None, float | None]) -> None:
    assert read_share(text) == share


def test_shares_that_exclude_each_other() -> None:
    assert not same_share("Over 60%", "60%")
    assert not same_share("About 40%", "Under 35%")
    assert same_share("About 40%", "Under 36%")
    assert same_share("Over 10%", "Over 90%")
    assert not same_share("Paris", "Paris")


@pytest.mark.parametrize(
    ("content", "points"),
    [
        ("So: 1) a b, 2) c, and 3) d e. More text follows.", ("a b", "c", "d e")),
        ("1. a.\n2. b; or\n3. demand", ("a", "b", "demand")),
        ("Here 1) tools, e.g. tags 2) 3 plans", ("tools, e.g. tags", "3 plans")),
        ("After phase 1. Then phase 2. Then", ()),
        ("Only 1) one", ()),
        ("2) b, 3) c", ()),
        ("", ()),
    ],
)
def test_points(content: str, points: tuple[str, ...]) -> None:
    assert read_points(content) == points


def test_slugs() -> None:
    assert slugify("What's an \u00c9lan? (2nd)") == "whats-an-elan-2nd"
    assert slugify("a" * 60) == "a" * 48
    assert slugify("word " * 20) == "word-word-word-word-word-word-word-word-word"
    assert slugify("\u65e5\u672c") == ""
