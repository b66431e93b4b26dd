"""Home: what somebody finds on the bot's own page, where a platform gives it one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.activities.help import CHOICES, GREETING
from bot.intents import sayings
from bot.intents.polls.draft_forms import draft_form
from bot.intents.times import moments
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Part, Reply, Text, so_far
from bot.store import Poll
from bot.turn import Turn

if TYPE_CHECKING:
    from bot.store.records import Records

# So many open polls are shown, the newest first.
SHOWN = 5
PRIVACY = Choice("What is kept about me", "privacy")
PANEL = (
    Choice("Polls here", "polls"),
    Choice("A question for the team", "give the team something to discuss"),
    Choice("What comes again", "schedules"),
    Choice("Insights", "insights"),
    Choice("Settings", "settings"),
)
FOR_MODERATORS = (
    "**For moderators** What you press here goes on in our direct messages. A poll that is opened there is held in a "
    "channel as well: say “share the poll” there, and “join poll CODE” to me in the channel."
)


def home(turn: Turn, records: Records) -> Reply:
    """The page for whoever opens it."""
    parts: list[Part] = [Text(GREETING), Choices(CHOICES)]
    polls = [poll for poll in records.polls.open_near(turn.person) if not poll.is_over(turn.at)][:SHOWN]
    if polls:
        lines = (f"- {_told(poll, turn, records)}" for poll in polls)
        parts.append(Text("\n".join(("**Open polls where you talk with me**", "", *lines))))
        parts.append(Choices(tuple(_vote(poll, turn, records) for poll in polls)))
    parts += (Text(_results(turn, records)), Choices((PRIVACY,)))
    if turn.person.moderator:
        zone = turn.person.timezone or "UTC"
        new = Choice("A poll of my own", opens=draft_form(sayings.order("new"), now=turn.at, zone=zone))
        parts += (Text(FOR_MODERATORS), Choices((new, *PANEL)))
    return Reply(tuple(parts), "help", private=True, remembered=False)


def _told(poll: Poll, turn: Turn, records: Records) -> str:
    voted = so_far(records.polls.votes.voters(poll))
    zone = turn.person.timezone or poll.zone or "UTC"
    until = f" It closes on {moments.shown(poll.closes, zone, turn.at)}." if poll.closes else ""
    return f"{as_written(poll.question)} {voted}{until}"


def _vote(poll: Poll, turn: Turn, records: Records) -> Choice:
    permit = records.polls.votes.permit(poll, turn.person)
    return Choice(f"Vote: {poll.question}", sayings.ballot(poll.id, permit))


def _results(turn: Turn, records: Records) -> str:
    ended = [run for run in records.quizzes.over(turn.person) if run.first is not None]
    if not ended:
        return "**Your quizzes** You have not answered one yet: press “Quiz me”."
    right = sum(run.first == "correct" for run in ended)
    return f"**Your quizzes** {right} of {len(ended)} right at the first try. Nobody else sees this."
