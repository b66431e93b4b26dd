"""What Discord would refuse is found before it is sent, and what it takes passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.discord_peer.limits import FILE_BYTES, file_problems
from tests.discord_peer.schema import check_request

Made = dict[str, Any]
NOBODY: Made = {"parse": []}


def button(label: str = "Yes", says: str = "vote 1 1") -> Made:
    return {"type": 2, "style": 1, "label": label, "custom_id": says}


def row(*inner: Made) -> Made:
    return {"type": 1, "components": list(inner)}


def menu(count: int = 2, **more: Any) -> Made:
    options = [{"label": f"Option {n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "menu", "options": options, **more}


def asked(**more: Any) -> Made:
    return {"type": 4, "style": 1, "custom_id": "name", **more}


def labelled(field: Made, label: str = "Title", **more: Any) -> Made:
    return {"type": 18, "label": label, "component": field, **more}


def layout(*components: Made) -> Made:
    return {"flags": 1 << 15, "components": list(components)}


def poll(question: str = "Lunch?", answers: tuple[str, ...] = ("Pizza", "Soup"), **more: Any) -> Made:
    held = [{"poll_media": {"text": answer}} for answer in answers]
    return {"poll": {"question": {"text": question}, "answers": held, "duration": 1, **more}}


def option(name: str = "question", **more: Any) -> Made:
    return {"type": 3, "name": name, "description": "What to ask", **more}


def sent(**message: Any) -> list[str]:
    return check_request("POST", "/channels/1/messages", {"allowed_mentions": NOBODY, **message})


def opened(*components: Made, title: str = "New poll", custom_id: str = "form poll") -> list[str]:
    data = {"title": title, "custom_id": custom_id, "components": list(components)}
    return check_request("POST", "/interactions/1/token/callback", {"type": 9, "data": data})


def registered(*options: Made, name: str = "finops", description: str = "Ask", **more: Any) -> list[str]:
    command = {"type": 1, "name": name, "description": description, "options": list(options), **more}
    return check_request("PUT", "/applications/1/commands", [command])


def completed(count: int, name: str = "Poll") -> list[str]:
    choices = [{"name": name, "value": str(place)} for place in range(count)]
    return check_request("POST", "/interactions/1/token/callback", {"type": 8, "data": {"choices": choices}})


def several(count: int) -> list[Made]:
    return [row(*(button(says=f"say {place} {n}") for n in range(5))) for place in range(count)]


UPPER_LIMITS: dict[str, tuple[int, Callable[[int], list[str]]]] = {
    "content": (2000, lambda n: sent(content="x" * n)),
    "description of an embed": (4096, lambda n: sent(embeds=[{"description": "x" * n}])),
    "embeds together": (6000, lambda n: sent(embeds=[{"description": "x" * 4000}, {"description": "x" * (n - 4000)}])),
    "embeds": (10, lambda n: sent(embeds=[{"title": "x"}] * n)),
    "fields of an embed": (25, lambda n: sent(embeds=[{"fields": [{"name": "a", "value": "b"}] * n}])),
    "label of a button": (80, lambda n: sent(components=[row(button("x" * n))])),
    "custom_id": (100, lambda n: sent(components=[row(button(says="x" * n))])),
    "buttons in a row": (5, lambda n: sent(components=[row(*(button(says=str(place)) for place in range(n)))])),
    "rows": (5, lambda n: sent(components=several(n))),
    "options of a menu": (25, lambda n: sent(components=[row(menu(n))])),
    "placeholder of a menu": (150, lambda n: sent(components=[row(menu(placeholder="x" * n))])),
    "components of a layout": (40, lambda n: sent(**layout(*[{"type": 10, "content": "x"}] * n))),
    "text of a layout": (4000, lambda n: sent(**layout({"type": 10, "content": "x" * n}))),
    "alternative text": (1024, lambda n: sent(attachments=[{"id": "0", "filename": "a.png", "description": "x" * n}])),
    "nonce": (25, lambda n: sent(content="x", nonce="x" * n, enforce_nonce=True)),
    "question of a poll": (300, lambda n: sent(**poll("x" * n))),
    "answer of a poll": (55, lambda n: sent(**poll(answers=("x" * n, "Soup")))),
    "answers of a poll": (10, lambda n: sent(**poll(answers=tuple(map(str, range(n)))))),
    "hours of a poll": (768, lambda n: sent(**poll(duration=n))),
    "title of a modal": (45, lambda n: opened(labelled(asked()), title="x" * n)),
    "custom_id of a modal": (100, lambda n: opened(labelled(asked()), custom_id="x" * n)),
    "components of a modal": (5, lambda n: opened(*(labelled(asked(custom_id=str(k))) for k in range(n)))),
    "label in a modal": (45, lambda n: opened(labelled(asked(), "x" * n))),
    "hint in a modal": (100, lambda n: opened(labelled(asked(), description="x" * n))),
    "text that is filled in": (4000, lambda n: opened(labelled(asked(value="x" * n)))),
    "text with room for less": (50, lambda n: opened(labelled(asked(value="x" * n, max_length=50)))),
    "name of a command": (32, lambda n: registered(name="x" * n)),
    "description of a command": (100, lambda n: registered(description="x" * n)),
    "options of a command": (25, lambda n: registered(*(option(f"o{place}") for place in range(n)))),
    "name of an option": (32, lambda n: registered(option("x" * n))),
    "description of an option": (100, lambda n: registered(option(description="x" * n))),
    "choices": (25, lambda n: registered(option(choices=[{"name": str(k), "value": str(k)} for k in range(n)]))),
    "name of a choice": (100, lambda n: registered(option(choices=[{"name": "x" * n, "value": "x"}]))),
    "completions": (25, completed),
    "name of a completion": (100, lambda n: completed(1, "x" * n)),
    "name of a thread": (100, lambda n: check_request("POST", "/channels/1/messages/2/threads", {"name": "x" * n})),
    "bytes of a file": (FILE_BYTES, lambda n: file_problems({"attachments": [{"id": 0, "filename": "a"}]}, [n])),
}


@pytest.mark.parametrize("name", UPPER_LIMITS)
def test_what_fits_passes_and_one_more_does_not(name: str) -> None:
    limit, problems = UPPER_LIMITS[name]
    assert problems(limit - 1) == []
    assert problems(limit) == []
    assert problems(limit + 1) != []


LOWER_LIMITS: dict[str, tuple[int, Callable[[int], list[str]]]] = {
    "content": (1, lambda n: sent(content="x" * n)),
    "question of a poll": (1, lambda n: sent(**poll("x" * n))),
    "answer of a poll": (1, lambda n: sent(**poll(answers=("x" * n, "Soup")))),
    "hours of a poll": (1, lambda n: sent(**poll(duration=n))),
    "options of a menu": (1, lambda n: sent(components=[row(menu(n))])),
    "title of a modal": (1, lambda n: opened(labelled(asked()), title="x" * n)),
    "components of a modal": (1, lambda n: opened(*(labelled(asked(custom_id=str(k))) for k in range(n)))),
    "name of a command": (1, lambda n: registered(name="x" * n)),
    "description of a command": (1, lambda n: registered(description="x" * n)),
}


@pytest.mark.parametrize("name", LOWER_LIMITS)
def test_what_is_just_enough_passes_and_one_less_does_not(name: str) -> None:
    limit, problems = LOWER_LIMITS[name]
    assert problems(limit + 1) == []
    assert problems(limit) == []
    assert problems(limit - 1) != []


WRONG: dict[str, tuple[Callable[[], list[str]], str]] = {
    "unknown key": (lambda: sent(content="x", colour=1), "Additional properties"),
    "wrong type": (lambda: sent(content=5), "5 is not"),
    "wrong key deep inside": (lambda: sent(components=[row({**button(), "text": "x"})]), "'text' was unexpected"),
    "no component": (lambda: sent(components=[{"type": 99}]), "components[0]"),
    "mentions not forbidden": (lambda: sent(content="x", allowed_mentions=None), "allowed_mentions"),
    "mentions of everybody": (lambda: sent(content="x", allowed_mentions={"parse": ["everyone"]}), "allowed_mentions"),
    "mentions not parsed by default": (lambda: sent(content="x", allowed_mentions={}), "allowed_mentions"),
    "mention of one": (lambda: sent(content="x", allowed_mentions={**NOBODY, "users": ["1"]}), "mentioned"),
    "ping of a reply": (lambda: sent(content="x", allowed_mentions={**NOBODY, "replied_user": True}), "mentioned"),
    "same custom_id": (lambda: sent(components=[row(button()), row(button())]), "stands there 2 times"),
    "custom_id in a menu too": (lambda: sent(components=[row(button(says="menu")), row(menu())]), "2 times"),
    "menu beside a button": (lambda: sent(components=[row(button(), menu())]), "a row holds a menu"),
    "nameless button": (lambda: sent(components=[row(button(""))]), "neither a label"),
    "link that says something": (
        lambda: sent(components=[row({**button(), "url": "https://example.org"})]),
        "must have a custom_id",
    ),
    "more chosen than offered": (lambda: sent(components=[row(menu(2, max_values=3))]), "lets one choose 3 of 2"),
    "least above most": (lambda: sent(components=[row(menu(2, min_values=2, max_values=1))]), "asks for more"),
    "content beside a layout": (lambda: sent(content="x", **layout({"type": 10, "content": "y"})), "beside a layout"),
    "layout in a plain message": (lambda: sent(components=[{"type": 10, "content": "x"}]), "a message that is none"),
    "picture without a text": (lambda: sent(attachments=[{"id": "0", "filename": "a.png"}]), "no alternative text"),
    "nonce alone": (lambda: sent(content="x", nonce="1"), "enforce_nonce"),
    "only spaces": (lambda: sent(content=" \n"), "empty"),
    "modal without labels": (lambda: opened(row(asked())), "a label"),
    "same field twice": (lambda: opened(labelled(asked()), labelled(asked())), "2 times"),
    "button in a modal": (lambda: opened(labelled(button())), "component"),
    "capital letters": (lambda: registered(name="FinOps"), "is no name"),
    "space in a name": (lambda: registered(option("my question")), "is no name"),
    "needed behind not needed": (
        lambda: registered(option("a"), option("b", required=True)),
        "is needed stands behind",
    ),
    "sub-command beside an option": (
        lambda: registered(option("a"), {"type": 1, "name": "b", "description": "B"}),
        "beside options",
    ),
    "choices and completion": (
        lambda: registered(option(autocomplete=True, choices=[{"name": "a", "value": "a"}])),
        "completes what is typed",
    ),
    "same option twice": (lambda: registered(option(), option()), "2 times"),
    "long in all": (lambda: registered(option(choices=[{"name": "a", "value": "x" * 6000}] * 2)), "in all"),
    "menu command that describes": (
        lambda: registered(name="Ask about this", type=3, description="No"),
        "command of a menu",
    ),
    "unknown answer": (lambda: check_request("POST", "/interactions/1/t/callback", {"type": 99}), "of type 99"),
    "unknown route": (lambda: check_request("POST", "/channels/1/typing-slowly", {"a": 1}), "no schema"),
    "nothing sent": (lambda: check_request("POST", "/channels/1/messages", None), "nothing is sent"),
    "commands that are no list": (lambda: check_request("PUT", "/applications/1/commands", {}), "no list"),
    "a file nobody described": (lambda: file_problems({}, [1]), "not among the attachments"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_discord_refuses_is_named(name: str) -> None:
    problems, told = WRONG[name]
    assert len(problems()) == 1, problems()
    assert told in problems()[0]


RIGHT: dict[str, tuple[str, str, Any]] = {
    "message": ("POST", "/channels/1/messages", {"content": "x", "allowed_mentions": NOBODY, "tts": False}),
    "edit": ("PATCH", "/channels/1/messages/2", {"content": "", "allowed_mentions": NOBODY, "tts": False}),
    "follow-up": ("POST", "/webhooks/1/token", {"content": "x", "flags": 64, "allowed_mentions": NOBODY}),
    "edit of the first answer": (
        "PATCH",
        "/webhooks/1/token/messages/@original",
        {"content": "x", "components": [], "allowed_mentions": NOBODY},
    ),
    "deferred": ("POST", "/interactions/1/token/callback", {"type": 5, "data": {"flags": 64}}),
    "deferred without a sign": ("POST", "/interactions/1/token/callback", {"type": 6}),
    "changed": (
        "POST",
        "/interactions/1/token/callback",
        {"type": 7, "data": {"content": "x", "allowed_mentions": NOBODY}},
    ),
    "command of a menu": ("PUT", "/applications/1/commands", [{"type": 3, "name": "Ask FinOps Bot about it"}]),
    "private channel": ("POST", "/users/@me/channels", {"recipient_id": "1"}),
    "typing": ("POST", "/channels/1/typing", None),
    "end of a poll": ("POST", "/channels/1/polls/2/expire", None),
    "reading": ("GET", "/channels/1/messages/2", None),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_discord_takes_passes(name: str) -> None:
    assert check_request(*RIGHT[name]) == []


def test_an_edit_needs_to_forbid_mentions_as_well() -> None:
    (told,) = check_request("PATCH", "/channels/1/messages/2", {"content": "@everyone"})
    assert told == "PATCH /channels/1/messages/2: allowed_mentions does not say that nothing is parsed"


def test_what_is_wrong_is_told_by_its_place_and_briefly() -> None:
    (told,) = sent(components=[row(button("x" * 5000))])
    assert "components[0].components[0].label: 'xxx" in told
    assert len(told) < 300
