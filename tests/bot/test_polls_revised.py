"""A poll that was shown and is not open yet: what changes it, what opens it, and what is meant of another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.intents import Drafted, Intent, Order
from bot.intents.certainty import Certainty
from bot.intents.polls.drafts import own_poll
from bot.intents.polls.revising import order_of_change, revised, with_one_more
from bot.intents.polls.wishes import read_wish, with_question
from bot.reply import Reply
from bot.store import Draft, Poll
from tests.bot.conftest import ANA, BO, HERE, THERE, Talk, ballot, held, labels

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
OPEN = Poll(1, "Where to?", ("Porto", "Ghent", "Leeds"), NOON, numbers=(1, 2, 3))
TRIP = Draft("Where do we hike?", ("Alps", "Coast", "Black Forest"), lasts=timedelta(hours=2), zone="UTC")


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("and make it anonymous", "anonymous", True),
        ("everyone may choose several", "several", True),
        ("keep the results hidden until it closes", "hidden", True),
        ("yes, but run it until Thursday noon", "until", datetime(2025, 1, 9, 12, tzinfo=UTC)),
        ("can it stay open for three days?", "lasts", timedelta(days=3)),
        ("remove the deadline", "lasts", None),
        ("Thursday noon", "until", datetime(2025, 1, 9, 12, tzinfo=UTC)),
        ("title: Which hike in May?", "question", "Which hike in May?"),
        ("rename the question to Hike where", "question", "Hike where"),
        ("add Lake District", "options", ("Alps", "Coast", "Black Forest", "Lake District")),
        ("add another option: Harz and Eifel", "options", ("Alps", "Coast", "Black Forest", "Harz", "Eifel")),
        ("add “Harz, Brocken”", "options", ("Alps", "Coast", "Black Forest", "Harz, Brocken")),
        ("scrap the coast", "options", ("Alps", "Black Forest")),
        ("take option 1 and option 3 out", "options", ("Coast",)),
        ("drop the last one", "options", ("Alps", "Coast")),
        ("change Alps to Dolomites", "options", ("Dolomites", "Coast", "Black Forest")),
        ("Harz instead of the Black Forest", "options", ("Alps", "Coast", "Harz")),
        ("call option B Seaside", "options", ("Alps", "Seaside", "Black Forest")),
    ],
)
def test_a_draft_is_changed_in_words(said: str, field: str, value: object) -> None:
    changed = revised(said, TRIP, NOON, "UTC")
    assert changed is not None
    assert getattr(changed, field) == value
    assert changed.unread == ()


@pytest.mark.parametrize(
    "said",
    [
        "drop the coast, add Harz and make it anonymous",
        "make it anonymous and also drop the coast, then add Harz",
        "remove Coast. and then add Harz! but make it anonymous",
    ],
)
def test_several_changes_in_one_message(said: str) -> None:
    changed = revised(said, TRIP, NOON, "UTC")
    assert changed is not None
    assert (changed.options, changed.anonymous) == (("Alps", "Black Forest", "Harz"), True)


@pytest.mark.parametrize("said", ["let them pick two", "close at 6", "add a deadline"])
def test_what_is_not_sure_is_named(said: str) -> None:
    changed = revised(said, TRIP, NOON, "UTC")
    assert changed is not None
    assert changed.unread == (said,)


@pytest.mark.parametrize(
    "said",
    ["what is showback?", "thanks", "Alps", "2", "drop Everest", "no", "open it", "add to the hiring poll", "vote"],
)
def test_what_changes_nothing(said: str) -> None:
    assert revised(said, TRIP, NOON, "UTC") is None


@pytest.mark.parametrize(("said", "more"), [("also Harz", "Harz"), ("Harz as well", "Harz"), ("Alps", None)])
def test_one_more_needs_a_word_that_says_so(said: str, more: str | None) -> None:
    changed = with_one_more(said, TRIP)
    assert (changed.options[-1] if changed else None) == more


def shown(own: Talk) -> Reply:
    own.say("make a poll", ANA)
    own.say("lunch", ANA)
    return own.say("soup, salad or stew", ANA)


def test_a_draft_is_opened_as_it_was_changed_also_after_something_else(own: Talk) -> None:
    own.say("poll: Ready? yes, no", ANA)
    shown(own)
    assert "- Curry" in own.say("replace stew with Curry", ANA).text
    own.say("what is showback?", ANA)
    assert "Anonymous" in own.say("make it anonymous", ANA).text
    own.say("what is a budget?", ANA)
    own.say("what is waste?", ANA)
    opened = ballot(own.say("publish it", ANA))
    assert [choice.label for choice in opened.choices] == ["soup", "salad", "Curry"]
    assert held(own) == 2


def test_a_draft_is_forgotten_after_much_else(own: Talk) -> None:
    shown(own)
    for said in ("what is showback?", "what is a budget?", "what is waste?"):
        own.say(said, ANA)
    own.say("publish it", ANA)
    assert held(own) == 0


@pytest.mark.parametrize("said", ["delete it", "no, scrap that", "discard the draft", "throw it away"])
def test_a_draft_is_thrown_away(own: Talk, said: str) -> None:
    shown(own)
    assert own.say(said, ANA).text == "All right, it is thrown away."
    own.say("open it", ANA)
    assert held(own) == 0


@pytest.mark.parametrize("said", ["stew", "the salad one, I had soup all week", "2"])
def test_nobody_votes_in_a_draft(own: Talk, said: str) -> None:
    shown(own)
    told = own.say(said, ANA).text
    assert told.startswith("Nobody can vote in this poll before it is open.")
    assert "- soup\n- salad\n- stew" in told
    assert held(own) == 0


def test_a_vote_for_the_open_poll_counts_beside_a_draft(own: Talk) -> None:
    own.say("poll: Which tool? Hammer, Saw", ANA)
    shown(own)
    assert own.say("hammer", ANA).text.startswith("Counted: Hammer")


def test_a_change_that_cannot_be_leaves_it_as_it_was(own: Talk) -> None:
    shown(own)
    told = own.say("remove soup and salad", ANA).text
    assert "only one option" in told
    assert "- soup\n- salad\n- stew" in told
    assert "- chili" in own.say("add chili", ANA).text


def test_what_is_said_of_a_draft_changes_no_open_poll(own: Talk) -> None:
    own.say("poll: Which tool? Hammer, Saw", ANA)
    shown(own)
    for said in ("add Drill", "rename soup to Broth", "close it tomorrow at noon", "remind everybody"):
        assert "Poll: lunch" in own.say(said, ANA).text
    assert [choice.label for choice in ballot(own.say("poll 1 ballot", ANA)).choices] == ["Hammer", "Saw"]


def test_what_is_said_after_an_open_poll_was_shown_is_meant_of_that(own: Talk) -> None:
    own.say("poll: Which tool? Hammer, Saw", ANA)
    shown(own)
    own.say("poll 1 results", ANA)
    assert "Drill" in [choice.label for choice in ballot(own.say("add option Drill", ANA)).choices]


def test_others_cannot_change_or_open_it(own: Talk) -> None:
    shown(own)
    own.say("make it anonymous", BO)
    own.say("open it", BO)
    assert held(own) == 0
    assert "Anonymous" not in own.say("add chili", ANA).text


def test_it_is_opened_where_it_was_shown(own: Talk) -> None:
    shown(own)
    own.say("open it", ANA, THERE)
    assert held(own) == 0
    assert ballot(own.say("open it", ANA, HERE)).question == "lunch"


# --- Wishes ---


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("poll: shall we take Ghent, Porto or Leeds?", ("Ghent", "Porto", "Leeds")),
        ("ask everyone whether we should meet on monday or friday", ("monday", "friday")),
        ("start a little vote for us: mugs or shirts", ("mugs", "shirts")),
    ],
)
def test_what_a_sentence_offers_is_shown_whole_before_it_opens(own: Talk, said: str, options: tuple[str, ...]) -> None:
    told = own.say(said, ANA).text
    assert told.startswith("This is how it will look:")
    assert "\n".join(f"- {option}" for option in options) in told
    assert held(own) == 0


# --- Options, one a message ---


def test_options_are_gathered_and_shown_back(own: Talk) -> None:
    own.say("poll: Which cloud colour?", ANA)
    assert "So far: “Grey”. A poll needs at least 2." in own.say("Grey", ANA).text
    assert "So far: “Grey”, “White”." in own.say("White", ANA).text
    assert "are the same" in own.say("white", ANA).text
    assert "So far: “Grey”." in own.say("back", ANA).text
    own.say("Pink", ANA)
    assert "It will be held so: for 2 hours" in own.say("for 2h", ANA).text
    preview = own.say("that's everything", ANA).text
    assert "- Grey\n- Pink" in preview
    assert "14:00" in preview


def test_done_needs_two_options_and_ten_end_the_list(own: Talk) -> None:
    own.say("poll: Which number?", ANA)
    assert "Which options" in own.say("done", ANA).text
    own.say("number 1", ANA)
    assert "A poll needs at least 2." in own.say("done", ANA).text
    for number in range(2, 10):
        assert "So far" in own.say(f"number {number}", ANA).text
    assert "- number 9\n- number 10" in own.say("number 10", ANA).text


def test_back_at_the_question_leaves_it(own: Talk) -> None:
    own.say("make a poll", ANA)
    assert own.say("back", ANA).text == "All right, no poll was made."


# --- Wishes ---


@pytest.mark.parametrize(
    ("said", "question", "options"),
    [
        ("let's ask everybody which room they like: attic or cellar", "which room they like", ("attic", "cellar")),
        ("hold a vote, shall we walk or take the tram", "Shall we walk or take the tram?", ("walk", "take the tram")),
        ("ask the team whether they need new chairs", "They need new chairs?", ("Yes", "No")),
        ("we need a vote from the group on: chess or darts?", "chess or darts?", ("chess", "darts")),
        ("could u ask people what to play. we had in mind chess or darts", "what to play?", ("chess", "darts")),
        ("I'd like the group to choose between chess and darts", "Chess or darts?", ("chess", "darts")),
        ("poll the team if chess is fine", "Chess is fine?", ("Yes", "No")),
        ("let's ask everyone. Chess on Monday or Friday?", "Chess on Monday or Friday?", ("Monday", "Friday")),
    ],
)
def test_a_plain_wish_is_a_draft(said: str, question: str, options: tuple[str, ...]) -> None:
    found = read_wish(said, Intent("question"), NOON, "UTC")
    assert found is not None
    assert isinstance(found.value, Drafted)
    assert found.value.draft is not None
    assert (found.value.draft.question, found.value.draft.options) == (question, options)
    assert found.certainty == "meant"


def test_one_more_with_a_list_is_a_poll() -> None:
    said = "then make another one. Tea at 3 or at 4?"
    found = read_wish(said, Intent("question"), NOON, "UTC")
    assert found is not None
    assert isinstance(found.value, Drafted)
    assert found.value.draft is not None
    assert found.value.draft.options == ("at 3", "at 4")


@pytest.mark.parametrize(
    ("said", "order", "certainty"),
    [
        ("rename ghent to Bruges", Order("rename", text="Bruges", old="Ghent"), "said"),
        ("swap Ghent for Bruges", Order("rename", text="Bruges", old="Ghent"), "meant"),
        ("add bruges", Order("add", text="bruges"), "meant"),
        ("we should get rid of Leeds", Order("remove", text="Leeds"), "meant"),
    ],
)
def test_an_open_poll_is_changed_in_the_words_of_a_draft(said: str, order: Order, certainty: Certainty) -> None:
    assert order_of_change(said, Intent("question"), OPEN, NOON, "UTC") == Intent("poll_start", order, certainty)


@pytest.mark.parametrize("said", ["change Ghent to Leeds", "no Ghent", "add 2 and 3", "Ghent", "add Bruges and Lyon"])
def test_what_may_be_a_vote_changes_no_open_poll(said: str) -> None:
    assert order_of_change(said, Intent("question"), OPEN, NOON, "UTC") is None


@pytest.mark.parametrize(
    "said",
    [
        "should we ask the team about tagging?",
        "ask everyone what a commitment is",
        "vote for chess or darts",
        "did everyone vote?",
        "how do I take a vote?",
        "ask the team to tag their machines",
    ],
)
def test_what_is_no_wish_for_a_poll(said: str) -> None:
    assert read_wish(said, Intent("question"), NOON, "UTC") is None


def test_options_without_a_question_make_one() -> None:
    drafted = own_poll("poll chess vs darts", NOON, "UTC")
    assert drafted is not None
    found = with_question(drafted)
    assert found is not None
    assert isinstance(found.value, Drafted)
    assert found.value.draft is not None
    assert found.value.draft.question == "Chess or darts?"


def test_a_wish_opens_nothing_at_once(own: Talk) -> None:
    own.say("poll chess vs darts", ANA)
    own.say("hold a quick vote: chess or darts", ANA)
    assert held(own) == 0


# --- Several open polls ---


@pytest.fixture
def both(own: Talk) -> Talk:
    own.say("poll: Which band plays at the party? Foxes, Owls", ANA)
    own.say("poll: Do we move the office? yes, no", ANA)
    return own


def still_open(own: Talk) -> list[str]:
    with own.store.reading() as records:
        return [poll.question for poll in records.polls.open_in(HERE)]


BAND, OFFICE = "Which band plays at the party?", "Do we move the office?"


def test_the_poll_that_is_named_is_closed(both: Talk) -> None:
    both.say("close the band poll", ANA)
    assert still_open(both) == [OFFICE]


@pytest.mark.parametrize(
    "said", ["close the poll", "close both polls", "close the lunch poll", "end the party office poll"]
)
def test_where_none_is_named_it_is_asked_which(both: Talk, said: str) -> None:
    asked = both.say(said, ANA)
    assert set(labels(asked)) == {BAND, OFFICE}
    assert still_open(both) == [BAND, OFFICE]


def test_a_yes_closes_the_poll_that_was_asked_about(talk: Talk) -> None:
    talk.say("poll: Which band plays at the party? Foxes, Owls", ANA)
    talk.say("poll: Do we move the office? yes, no", ANA)
    assert talk.say("we need to close the band ballot", ANA).text.startswith(f"Do you mean: close “{BAND}”?")
    talk.say("yes", ANA)
    assert still_open(talk) == [OFFICE]


def test_a_closed_poll_that_is_named_is_no_other(both: Talk) -> None:
    both.say("close the band poll", ANA)
    assert "closed already" in both.say("close the band poll", ANA).text
    assert still_open(both) == [OFFICE]


def test_the_only_open_poll_is_not_what_is_named_otherwise(own: Talk) -> None:
    own.say("poll: Do we move the office? yes, no", ANA)
    assert labels(own.say("close the budget poll", ANA)) == [OFFICE]
    assert still_open(own) == [OFFICE]


def test_a_change_goes_to_the_poll_that_is_named_or_chosen(both: Talk) -> None:
    assert ballot(both.say("add option Bears to the band poll", ANA)).question == BAND
    both.say("thanks", ANA)
    both.say("what is showback?", ANA)
    asked = both.say("add option Later", ANA)
    choice = next(one for part in asked.parts for one in getattr(part, "choices", ()) if one.label == OFFICE)
    assert ballot(both.say(choice.says, ANA)).question == OFFICE


def test_an_option_that_one_poll_has_tells_which(both: Talk) -> None:
    both.say("what is showback?", ANA)
    assert ballot(both.say("rename option Owls to Herons", ANA)).question == BAND


def test_results_are_those_of_the_poll_that_is_named(both: Talk) -> None:
    assert BAND in both.say("results of the band poll", BO).text
    both.say("what is showback?", BO)
    assert set(labels(both.say("results", BO))) == {BAND, OFFICE}


@pytest.mark.parametrize("said", ["which polls are open?", "are there any open polls", "what can we vote on?"])
def test_open_polls_are_listed(both: Talk, said: str) -> None:
    listed = both.say(said, BO).text
    assert BAND in listed
    assert OFFICE in listed


def test_members_close_nothing_by_name(both: Talk) -> None:
    both.say("close the band poll", BO)
    assert still_open(both) == [BAND, OFFICE]
