"""The catalogue: what platforms offer to choose from, and ask about polls."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue import OFFERED, Catalogue
from bot.intents.sayings import read_saying
from bot.shelf import Shelf
from bot.store.database import Store
from bot.store.polling import ballot_slot
from knowledge.script import Script
from tests.bot.conftest import HERE, NOON, THERE
from tests.bot.test_store_polls import ANA, BEN, fruit_poll


def test_what_is_offered_says_what_a_button_says(scripts: Sequence[Script], store: Store) -> None:
    catalogue = Catalogue(Shelf(scripts), lambda: store)
    offered = [*catalogue.benefits(), *catalogue.sections()]
    assert len(offered) == len(catalogue.benefits()) + sum(len(script.sections) for script in scripts)
    for offer in offered:
        assert offer.label
        assert read_saying(offer.says) is not None
    assert len(set(catalogue.topics())) == len(catalogue.topics()) > 0


def test_the_polls_of_a_place_are_offered_the_newest_first(store: Store) -> None:
    catalogue = Catalogue(Shelf(()), lambda: store)
    with store.writing() as records:
        opened = [fruit_poll(records) for _ in range(3)]
        fruit_poll(records, THERE)
    assert [poll.id for poll in catalogue.polls(HERE)] == [poll.id for poll in reversed(opened)]
    assert catalogue.poll(opened[0].id) == opened[0]
    assert catalogue.poll(999) is None
    assert len(opened) < OFFERED


def test_a_poll_is_found_by_the_message_in_which_people_vote(store: Store) -> None:
    catalogue = Catalogue(Shelf(()), lambda: store)
    with store.writing() as records:
        poll = fruit_poll(records)
        records.posts.put(HERE, ballot_slot(poll.id))
        records.posts.put(HERE, "result-7")
    assert catalogue.open_ballots("test") == ()
    with store.writing() as records:
        records.posts.placed(HERE, ballot_slot(poll.id), "m1", "", NOON)
        records.posts.placed(HERE, "result-7", "m2", "", NOON)
    assert catalogue.poll_in(HERE, "m1") == poll
    assert catalogue.poll_in(HERE, "m2") is None
    assert catalogue.poll_in(HERE, "m3") is None
    ((found, post),) = catalogue.open_ballots("test")
    assert (found, post.reference) == (poll, "m1")
    assert catalogue.open_ballots("other") == ()


def test_votes_are_told_by_person_where_they_are_no_secret(store: Store) -> None:
    catalogue = Catalogue(Shelf(()), lambda: store)
    with store.writing() as records:
        poll = fruit_poll(records)
        records.polls.votes.vote(poll, ANA, [1])
        records.polls.votes.vote(poll, BEN, [2])
    assert catalogue.votes(poll) == {ANA.id: frozenset({1}), BEN.id: frozenset({2})}
