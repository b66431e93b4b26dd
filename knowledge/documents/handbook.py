"""Reading the handbook: its topics, the glossary and their questions, and what does not fit together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.bank.entry import Subject
from knowledge.bank.reader import read_banks
from knowledge.documents import Document, GlossaryEntry, Handbook, TopicSection
from knowledge.documents.markdown import read_document
from knowledge.script import Problem, ScriptError
from knowledge.script.parser import files_in
from knowledge.script.table import fold, read_tables
from knowledge.script.text import Findings

OWN_HANDBOOK = Path(__file__).parents[1] / "handbook"
# The parts of the project's own handbook in their order; other parts follow by name.
PARTS = (
    "Framework",
    "Data and FOCUS",
    "Allocation and accountability",
    "Value, budgets, forecasts",
    "Rates",
    "Usage, GPUs, Kubernetes",
    "AI specifics",
    "Data, sustainability, governance, public sector",
)
_GLOSSARY = "glossary.toml"
_TERM = ("name", "says", "topic", "stands_for")
# Prices, shares and multiples: what somebody counted, and what ages. The 100 of a formula for a share is none.
_FIGURE = re.compile(r"[$€£]\s?\d|\b(?:USD|EUR|GBP)\s\d|\d\s?(?:%|per\s?cent\b)|\b\d{1,6}(?:\.\d{1,4})?x\b")
_EXAMPLE = re.compile(r"\b(?:example|suppose|assum\w+)\b", re.I)


def read_handbook(folders: Sequence[Path]) -> Handbook:
    """Every *.md, *.quiz.toml and glossary.toml in the folders; a missing folder is empty.

    Raises ScriptError with everything that is wrong with all of them. A file whose front matter names its sources is
    held to the form of a topic; any other Markdown is taken as it is.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    documents: dict[str, Document] = {}
    for path in [path for folder in folders for path in files_in(folder, ".md")]:
        findings = Findings(path.name)
        document = read_document(path, findings)
        if document and document.slug in documents:
            first = documents[document.slug].file
            findings.problem(1, f'second document "{document.slug}" (first: {first}); expected another file name')
        elif document:
            documents[document.slug] = document
        problems += findings.in_order()
        warnings += findings.warnings
    for document in documents.values():
        problems += _misfits(document, documents)
    terms: list[GlossaryEntry] = []
    for folder in folders:
        if (file := folder / _GLOSSARY).exists():
            findings = Findings(file.name)
            terms += _terms(file, documents, findings)
            problems += findings.problems
    try:
        banks = read_banks(folders, map(_subject, documents.values()))
    except ScriptError as error:
        raise ScriptError([*problems, *error.problems]) from error
    if problems:
        raise ScriptError(problems)
    questions = tuple(question for bank in banks for question in bank.questions)
    warnings += [warning for bank in banks for warning in bank.warnings]
    return Handbook(tuple(sorted(documents.values(), key=_order)), tuple(terms), questions, tuple(warnings))


def _order(document: Document) -> tuple[int, str]:
    return (PARTS.index(document.part) if document.part in PARTS else len(PARTS), document.part)


def _subject(document: Document) -> Subject:
    return Subject(document.slug, document.file, {fold(one.heading): one.heading for one in document.sections})


def _misfits(document: Document, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """What does not fit in a topic: what it relates to is not there, a heading twice, a figure of no origin."""
    for slug in document.related:
        if slug not in documents:
            yield Problem(document.file, 1, f'related "{slug}" is no document here; expected the name of a file')
    headings = Counter(section.heading for section in document.sections)
    for section in document.sections:
        if document.references and headings[section.heading] > 1:
            yield Problem(document.file, section.line, f'the heading "{section.heading}" is there twice')
        if document.references and _needs_origin(document, section):
            names = ", ".join(reference.name for reference in document.references)
            told = f"a figure without source; expected one of the sources by name ({names}), or an example that says so"
            yield Problem(document.file, section.line, told)


def _needs_origin(document: Document, section: TopicSection) -> bool:
    text = section.text
    named = any(reference.name.casefold() in text.casefold() for reference in document.references)
    return bool(_FIGURE.search(text)) and not named and not _EXAMPLE.search(text)


def _terms(file: Path, documents: Mapping[str, Document], findings: Findings) -> Iterator[GlossaryEntry]:
    known: set[str] = set()
    for entry in read_tables(file, "term", findings):
        entry.knows(_TERM)
        name, says, topic = (entry.text(key, required=True) for key in _TERM[:3])
        if topic and topic not in documents:
            entry.problem("topic", f'the topic "{topic}" is no document here; expected the name of a file')
        if name and fold(name) in known:
            entry.problem("name", f'"{name}" is there twice; expected each name once')
        if name and says and topic:
            known.add(fold(name))
            yield GlossaryEntry(name, says, topic, entry.text("stands_for"))
