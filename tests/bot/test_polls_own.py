"""Polls of one's own: what is wrong with one is said in its own words, and changing one loses no vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.reply import Form, Reply
from bot.turn import Person
from tests.bot.conftest import (
    ANA,
    BO,
    CY,
    HERE,
    THERE,
    Talk,
    ballot,
    choices,
    form,
    held,
    labels,
    saying,
)
from tests.naughty import SOME

IN_BERLIN = Person("test:ana", "Ana", moderator=True, timezone="Europe/Berlin")


WRONG = [
    ("poll: Where do we eat?", "Which options"),
    ("poll: Where do we eat? Pizza", "So far: “Pizza”"),
    (f"poll: Which? {', '.join('abcdefghijk')}", "has 11 options"),
    ("poll: Which? Pizza, pizza , Sushi", "are the same"),
    ("poll: Which? \uff30izza, pizza", "are the same"),
    (f"poll: {'Why ' * 80}? yes, no", "300 are the most"),
    (f"poll: Which? {'very ' * 20}long, short", "75 are the most"),
    (f"poll: Which? {'a' * 5000}, b", "too long"),
    ("poll: Which? a, b until yesterday", "has passed"),
    ("poll: Which? a, b for 400 days", "more than a year ahead"),
    ("poll: Which? a, b for 5 seconds", "less than a minute"),
    ("poll: Which? a, b every 10 minutes", "once a day at most"),
]


@pytest.mark.parametrize(("words", "told"), WRONG)
def test_what_is_wrong_is_told_in_its_own_sentence_and_opens_nothing(own: Talk, words: str, told: str) -> None:
    reply = own.say(words, ANA)
    assert told in reply.text
    assert reply.private
    assert "Traceback" not in reply.text
    assert held(own) == 0
    # The form holds what was understood, to be mended.
    assert isinstance(form(reply), Form)


def test_a_time_that_the_clocks_skip_is_named(own: Talk) -> None:
    own.now = datetime(2025, 3, 28, 12, tzinfo=UTC)
    reply = own.say("poll: Which? a, b until Sunday 02:30", IN_BERLIN)
    assert "02:30" in reply.text
    assert "Europe/Berlin" in reply.text
    assert held(own) == 0


@pytest.mark.parametrize(
    "words", ["poll: Tea? yes, no", "own poll", "poll new", "use template tea", "join poll ABCDEFGH"]
)
def test_only_moderators_open_polls(own: Talk, words: str) -> None:
    assert "Only moderators can" in own.say(words, BO).text
    assert held(own) == 0


def test_naughty_texts_are_asked_as_they_are_or_refused(own: Talk) -> None:
    opened = 0
    for start in range(len(SOME) - 2):
        question, *options = SOME[start : start + 3]
        fields = {"question": question, "options": "\n".join(options), "how": "one choice, named"}
        reply = own.say("poll new", ANA, fields={**fields, "results": "shown while it is open", "when": ""})
        assert reply.text
        if "Open" in labels(reply):
            opened += 1
            own.say(f"poll {ballot(own.say(saying(reply, 'Open'), ANA)).poll} close", ANA)
    assert opened > 20
    assert held(own) == opened


# --- The form ---


def filled(asked: Form, **values: str) -> Mapping[str, str]:
    """What is submitted by somebody who changes some fields, and leaves the others as they are."""
    return {field.name: values.get(field.name, field.value) for field in asked.fields}


def test_a_poll_from_the_form(own: Talk) -> None:
    asked = form(own.say("own poll", ANA))
    values = filled(asked, question="Tea?", options="yes\nno\nperhaps", how="several choices, named", when="for 2h")
    assert asked.check(values) == {}
    preview = own.say(asked.says, ANA, fields=values)
    assert preview.private
    assert "Poll: Tea?\n- yes\n- no\n- perhaps\n\nYou can choose several options." in preview.text
    assert held(own) == 0
    opened = ballot(own.say(saying(preview, "Open"), ANA))
    assert [choice.label for choice in opened.choices] == ["yes", "no", "perhaps"]
    assert "You can choose several options." in opened.notes


def previewed(own: Talk, **values: str) -> Reply:
    """The preview of a poll about tea."""
    asked = form(own.say("own poll", ANA))
    return own.say(asked.says, ANA, fields=filled(asked, question="Tea?", options="yes\nno", **values))


def test_a_poll_is_posted_once_however_often_that_is_pressed(own: Talk) -> None:
    post = saying(previewed(own), "Open")
    own.say(post, ANA)
    assert own.say(post, ANA).text == "That poll was posted or thrown away before."
    assert held(own) == 1


def test_a_preview_is_changed_in_a_form_that_holds_it_and_stays_the_same_draft(own: Talk) -> None:
    asked = form(previewed(own, when="until tomorrow 17:00, remind 1h before"))
    assert filled(asked)["options"] == "yes\nno"
    again = own.say(asked.says, ANA, fields=filled(asked, options="yes\nno\nlater"))
    assert form(again).says == asked.says
    assert "- later" in again.text
    assert "17:00" in again.text
    assert len(ballot(own.say(saying(again, "Open"), ANA)).choices) == 3


def test_what_is_thrown_away_is_not_posted(own: Talk) -> None:
    preview = previewed(own)
    assert own.say(saying(preview, "Discard"), ANA).text == "All right, it is thrown away."
    own.say(saying(preview, "Open"), ANA)
    assert held(own) == 0


def test_a_draft_is_its_author_s_alone(own: Talk) -> None:
    preview = previewed(own)
    dan = Person("test:dan", "Dan", moderator=True)
    assert own.say(saying(preview, "Open"), dan).text == "That poll was posted or thrown away before."
    assert held(own) == 0
    with own.store.writing() as records:
        records.forget(ANA)
    assert "before" in own.say(saying(preview, "Open"), ANA).text


def test_a_deadline_that_passes_before_the_poll_is_posted_is_told(own: Talk) -> None:
    preview = previewed(own, when="until today 17:00")
    own.wait(days=1)
    reply = own.say(saying(preview, "Open"), ANA)
    assert reply.text.startswith("Its deadline has passed meanwhile: give it another one.")
    assert filled(form(reply))["question"] == "Tea?"
    assert held(own) == 0


def test_what_was_said_wrongly_is_kept_to_be_mended_in_a_form(own: Talk) -> None:
    asked = form(own.say("poll: Tea? yes until Friday 17:00", ANA))
    assert filled(asked)["question"] == "Tea?"
    with own.store.reading() as records:
        number = int(asked.says.split()[1])
        assert records.drafts.find(number, ANA) is not None
        assert records.drafts.find(number, BO) is None
        assert [str(one) for one in records.kept(ANA)][-1] == "1 poll that you have not opened"
        assert records.kept(BO) == []


def test_what_is_wrong_in_the_form_is_told_by_field_and_again_on_the_server(own: Talk) -> None:
    asked = form(own.say("own poll", ANA))
    values = filled(asked, question="", options="yes\nYES", when="until yesterday")
    assert set(asked.check(values)) == {"question", "options", "when"}
    reply = own.say(asked.says, ANA, fields=values)
    assert len(reply.text.splitlines()) >= 3
    assert held(own) == 0


def test_editing_keeps_all_votes(own: Talk) -> None:
    poll = ballot(own.say("poll: Tea? yes, no, perhaps for 2h", ANA)).poll
    own.say(f"vote {poll} 1", BO)
    asked = form(own.say("edit the poll", ANA))
    assert dict(filled(asked))["options"] == "yes\nno\nperhaps"
    own.say(asked.says, ANA, fields=filled(asked, options="yes\nperhaps\nlater", when="for 4h"))
    tally = own.tally()
    assert tally.options == ("yes", "perhaps", "later")
    assert tally.counts == (1, 0, 0)
    own.wait(hours=3)
    assert own.say(f"vote {poll} 4", CY).text.startswith("Counted: later")


LOST = [
    ({"options": "no\nperhaps"}, "“yes” has votes"),
    ({"question": "Coffee?"}, "question cannot be changed"),
    ({"how": "several choices, named"}, "How many options"),
    ({"how": "one choice, anonymous"}, "Whether a poll is anonymous"),
    ({"options": "yes\nYes"}, "are the same"),
]


@pytest.mark.parametrize(("values", "told"), LOST, ids=[told for _, told in LOST])
def test_a_change_that_would_lose_votes_is_refused(own: Talk, values: dict[str, str], told: str) -> None:
    poll = ballot(own.say("poll: Tea? yes, no, perhaps", ANA)).poll
    own.say(f"vote {poll} 1", BO)
    before = own.tally()
    asked = form(own.say("edit the poll", ANA))
    assert told in own.say(asked.says, ANA, fields=filled(asked, **values)).text
    assert own.tally() == before


def test_in_a_hidden_poll_an_edit_tells_nothing_about_votes(own: Talk) -> None:
    poll = ballot(own.say("poll: Tea? yes; no; perhaps; hidden until the close", ANA)).poll
    own.say(f"vote {poll} 1", BO)
    asked = form(own.say("edit the poll", ANA))
    for options in ("no\nperhaps", "yes\nperhaps"):
        reply = own.say(asked.says, ANA, fields=filled(asked, options=options))
        assert "“" not in reply.text.partition("\n")[0], "which option has votes is not told"
        assert "cannot be changed or removed" in reply.text


# --- Templates and moments ---


def test_a_template_opens_the_same_poll_and_belongs_to_its_place(own: Talk) -> None:
    own.say("poll: Tea? yes, no for 2h", ANA)
    assert "Kept as “tea”" in own.say("save the poll as tea", ANA).text
    assert "no template" in own.say("use template tea", ANA, THERE).text
    opened = ballot(own.say("use template TEA", ANA))
    assert opened.question == "Tea?"
    with own.store.reading() as records:
        again = records.polls.find(opened.poll, HERE)
    assert again is not None
    assert again.closes is not None
    assert (again.closes - again.opened).total_seconds() == 7200
    assert "deleted" in own.say("drop template tea", ANA).text
    assert "no template" in own.say("use template tea", ANA).text


def test_a_deadline_is_read_in_the_time_zone_of_the_person(own: Talk) -> None:
    opened = ballot(own.say("poll: Tea? yes, no until 17:00", IN_BERLIN))
    assert any("17:00 (Europe/Berlin)" in note for note in opened.notes)
    with own.store.reading() as records:
        poll = records.polls.find(opened.poll)
    assert poll is not None
    assert poll.closes == datetime(2025, 1, 6, 16, tzinfo=UTC)


def test_a_vote_after_the_deadline_counts_for_nothing_though_nobody_has_closed_it(own: Talk) -> None:
    poll = ballot(own.say("poll: Tea? yes, no for 2h", ANA)).poll
    own.wait(hours=2)
    assert "not counted" in own.say(f"vote {poll} 1", BO).text
    assert own.tally().voters == 0


def test_choices_of_several_are_added_and_taken_back_one_by_one(own: Talk) -> None:
    opened = own.say("poll: Tea? black, green, mint; several choices", ANA)
    for choice in choices(opened)[:2]:
        told = own.say(choice.says, BO)
    assert "you choose black and green" in told.text
    again = own.say(choices(opened)[1].says, BO)
    assert "still is" in again.text, "pressed twice"
    back = next(choice for choice in choices(again) if choice.label == "take back black")
    assert "You still choose green" in own.say(back.says, BO).text
    assert (own.tally().counts, own.tally().voters) == ((0, 1, 0), 1)


def test_an_option_that_sounds_like_terms_is_an_option(own: Talk) -> None:
    opened = ballot(own.say("poll: How long did we wait? for 2 days, for 400 days", ANA))
    assert [choice.label for choice in opened.choices] == ["for 2 days", "for 400 days"]


def test_the_reply_that_closes_a_poll_is_its_only_result_here_where_talk_is_overheard(own: Talk) -> None:
    here = replace(HERE, overheard=True)
    poll = ballot(own.say("poll: Tea? yes, no", ANA, here)).poll
    own.say(f"poll {poll} close", ANA, here)
    with own.store.reading() as records:
        (post,) = records.posts.of_slot(f"result-{poll}")
        waiting = [one.id for one in records.posts.waiting("test", 9) if one.rests_until <= own.now]
    assert post.room.place == here.place
    assert post.id not in waiting, "nobody else tells it while the reply does"


# --- What was not understood ---


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("poll: Tea? yes, no. Pick up to 2", "Pick up to 2"),
        ("poll: Tea? yes, no until Christmas", "until Christmas"),
        ("poll: Tea? yes, no; only finance", "only finance"),
        ("poll: Tea? yes, no, closes at 6", "closes at 6"),
        ("poll for finance only: Tea? yes, no", "for finance only"),
        ('poll "Tea?" "yes" "no" until blursday', "until blursday"),
        ("poll: Tea? yes, no for 2h, for 3h", "for 3h"),
    ],
)
def test_what_is_not_understood_is_named_and_opens_nothing(own: Talk, words: str, unread: str) -> None:
    shown = own.say(words, ANA)
    assert f"“{unread}”" in shown.text
    assert shown.private
    assert held(own) == 0
    assert labels(shown)[:3] == ["Open", "Change", "Discard"]
    opened = ballot(own.say(saying(shown, "Open"), ANA))
    assert [choice.label for choice in opened.choices] == ["yes", "no"]


@pytest.mark.parametrize("words", ["Names are only for me", "Semi-anonymous", "Only admins see who voted"])
def test_what_sounds_private_is_previewed_on_the_private_side(own: Talk, words: str) -> None:
    assert (
        "Anonymous: others and moderators cannot see your choice" in own.say(f"poll: Tea? yes, no. {words}", ANA).text
    )
    assert held(own) == 0


def test_of_two_settings_that_contradict_each_other_the_private_one_is_previewed(own: Talk) -> None:
    shown = own.say("poll: Tea? yes, no. Show names. Keep it anonymous.", ANA)
    assert "Anonymous: others" in shown.text
    assert held(own) == 0


def test_a_script_s_poll_is_not_opened_with_words_left_over(own: Talk) -> None:
    asked = own.say("start the poll for finance only", ANA)
    if asked.activity == "poll_start":
        assert held(own) == 0


@pytest.mark.parametrize("words", ["make a poll", "I want to make a poll", "set up a poll pls"])
def test_a_poll_of_nothing_yet_is_asked_about(own: Talk, words: str) -> None:
    assert own.say(words, ANA).text.startswith("What is the question?")
    assert held(own) == 0


# --- Changing one in words ---


def test_options_are_added_renamed_and_taken_out_in_words(own: Talk) -> None:
    poll = ballot(own.say("poll: Lunch? pizza, pasta for 2h", ANA)).poll
    own.say(f"vote {poll} 1", BO)
    own.say("add option Thai food", ANA)
    own.say("rename option 2 to salad", ANA)
    assert own.tally().options == ("pizza", "salad", "Thai food")
    # A button that was drawn before votes for what it showed, and that is gone.
    own.say(f"vote {poll} 2", ANA)
    assert own.tally().counts == (1, 0, 0)
    own.say("the second one", ANA)
    assert own.tally().counts == (1, 1, 0)
    own.say("remove option C", ANA)
    assert own.tally().options == ("pizza", "salad")
    assert "has votes" in own.say("rename option 1 to sushi", ANA).text
    assert own.tally().counts == (1, 1)
    assert form(own.say("add an option", ANA)).fields
    assert "Only moderators" in own.say("add option soup", BO).text


def test_when_a_poll_closes_is_told_to_everybody(own: Talk) -> None:
    assert own.say("when does it close?", BO).text.startswith("No poll is open here.")
    own.say("poll: Lunch? pizza, pasta for 2h", ANA)
    assert "“Lunch?” closes on" in own.say("when does it close?", BO).text


def test_it_is_the_poll_that_was_spoken_of_last(own: Talk) -> None:
    first = ballot(own.say("poll: Lunch? pizza, pasta for 2h", ANA)).poll
    own.say("poll: Dinner? soup, bread for 2h", ANA)
    own.say(f"poll {first} results", ANA)
    assert "“Lunch?” closes on" in own.say("when does it close?", ANA).text


def test_a_poll_is_not_deleted_but_closed(own: Talk) -> None:
    own.say("poll: Lunch? pizza, pasta for 2h", ANA)
    told = own.say("delete the poll", ANA)
    assert labels(told)[:1] == ["Close the poll"]
    assert own.tally().voters == 0
    assert held(own) == 1


def test_a_template_is_named_before_or_after(own: Talk) -> None:
    own.say("poll: Tea? yes, no for 2h", ANA)
    own.say("save the poll as tea", ANA)
    assert ballot(own.say("use the tea template", ANA)).question == "Tea?"
