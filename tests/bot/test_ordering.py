"""Orders by meaning: what they name is read from their words, and each has a set form that says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.intents import Discuss, Order
from bot.intents.asked import yes_or_no
from bot.intents.polls.ordering import completed, in_words
from bot.intents.polls.orders import read_order
from bot.intents.times.recurring import read_recurring
from bot.store import Poll

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
POLL = Poll(1, "Where to?", ("Porto", "Ghent", "Leeds"), NOON, numbers=(1, 2, 3))

COMPLETED = [
    ("rename", "the second option should be called Bruges", Order("rename", text="Bruges", old="Ghent")),
    ("rename", "Ghent has to read Bruges instead please", Order("rename", text="Bruges", old="Ghent")),
    ("rename", "change Leeds into “Leeds or York”, thanks", Order("rename", text="Leeds or York", old="Leeds")),
    ("rename", "call it something else", Order("rename")),
    ("rename", "Porto and Ghent should be one", Order("rename")),
    ("add", "can we also have Bruges on the list", Order("add", text="Bruges")),
    ("add", "we forgot Leuven, add it please", Order("add", text="Leuven")),
    ("add", "one more option please", Order("add")),
    ("remove", "please take Leeds off again", Order("remove", text="Leeds")),
    ("remove", "option 1 can go", Order("remove", text="Porto")),
    ("remove", "remove one of them", Order("remove")),
    ("deadline", "let people vote until Friday at noon", Order("deadline", text="until Friday at noon")),
    ("deadline", "give them 2 hours", Order("deadline", text="for 2 hours")),
    ("deadline", "push the deadline to Wednesday", Order("deadline", text="until Wednesday")),
    ("deadline", "give them some more time", Order("deadline")),
]


@pytest.mark.parametrize(("action", "said", "order"), COMPLETED)
def test_what_an_order_names_is_read_and_nothing_is_guessed(action: str, said: str, order: Order) -> None:
    assert completed(Order(order.action), said, POLL, NOON, "UTC") == order
    assert order.action == action


@pytest.mark.parametrize("order", [one for _, _, one in COMPLETED if one.text] + [Order("reopen"), Order("end")])
def test_what_is_asked_is_a_set_form_that_says_the_same(order: Order) -> None:
    said = in_words(order)
    assert said is not None
    found = read_order(said)
    assert found is not None
    assert found.value == order


def test_an_order_that_is_not_wholly_named_has_no_words() -> None:
    assert [in_words(Order(action)) for action in ("add", "rename", "remove", "deadline", "edit")] == [None] * 5


def label(text: str) -> str:
    return {"the replies": "order digest", "something to discuss": "engagement_question"}.get(text, "question")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("weekly digest please", Discuss("send", text="every week on Monday at 12:00")),
        ("fortnightly digest on Thursdays", Discuss("send", text="every 2 weeks on Thursday at 12:00")),
        ("the replies every Friday at 16:00", Discuss("send", text="every week on Friday at 16:00")),
        ("something to discuss daily at 9:00", Discuss("repeat", text="every day at 09:00")),
        ("send us cake every day at 9:00", Discuss("choose", text="every day at 09:00")),
    ],
)
def test_what_is_to_come_again_is_told_by_what_is_left_without_its_rule(said: str, wanted: Discuss) -> None:
    found = read_recurring(said, label, NOON, "UTC")
    assert found is not None
    assert (found.value, found.certainty) == (wanted, "meant")


@pytest.mark.parametrize(
    "said",
    [
        "we review costs every week",
        "digest",
        "every Friday",
        "how is showback sent weekly?",
        "share of spend that is wasted every month",
        "give me a sample of what a council looks at every month",
        "I argue about invoices every Friday with my team",
    ],
)
def test_what_is_no_wish_does_not_come_again(said: str) -> None:
    assert read_recurring(said, label, NOON, "UTC") is None


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        *((said, True) for said in ("yup", "do it", "Yes, please!", "ok", "ja bitte", "yes, delete it")),
        *((said, False) for said in ("nah", "lieber nicht", "no, thanks", "please don't")),
        # What is liked, numbered or named is no yes.
        *((said, None) for said in ("maybe", "pizza", "1", "a", "b", "the first", "love it", "no doubt", "why not")),
    ],
)
def test_yes_and_no_in_all_their_forms(said: str, yes: bool | None) -> None:
    assert yes_or_no(said) is yes
