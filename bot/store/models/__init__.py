"""The tables, by subject. What changes here needs a migration in `migrations/versions`; a test compares the two.

A table says of itself (`roles`), and a test finds what is left out:

- of each text, and of each number that could be somebody's id, what it holds: `Mapped[Words]`, `Mapped[Name]`,
  `Mapped[Plain]` (or `PlainKey`, `Amount`), `Mapped[Sealed]`; a person's key as `mapped_column(Key, info=person(...))`
  with what becomes of the row when they are forgotten, and how it is called where people are told what is kept of them;
- where a row belongs: it is `Placed` or `Threaded`, or part of another row by a foreign key or `part_of`; else
  `about(where=...)`;
- how long it is kept: the moment that retention counts from has `info=lasts()`; a part goes with what it is part of;
  else `about(kept=STAYS)`.

With that it is in “delete my data”, in “privacy”, in retention, in scopes and in backups, and nothing else needs to be
written. Only what is SPECIAL, and what must be done where rows go that are shown elsewhere, is named in `Records`.
"""

from bot.store.models.base import Base
from bot.store.models.discussions import DigestRow, DiscussionRow, RemarkRow
from bot.store.models.plans import DraftRow, DueRow, PostRow, ScheduleRow, TemplateRow, UndoableRow
from bot.store.models.polls import InvitationRow, OptionRow, PollPlaceRow, PollRow, SecretVoteRow, VoteRow
from bot.store.models.quizzes import LeaderboardRow, QuizRow, RoundAnswerRow, RoundRow
from bot.store.models.talks import EventRow, FeedbackRow, MessageRow, PlaceRow, SpendingRow, UnansweredRow

__all__ = [
    "Base",
    "DigestRow",
    "DiscussionRow",
    "DraftRow",
    "DueRow",
    "EventRow",
    "FeedbackRow",
    "InvitationRow",
    "LeaderboardRow",
    "MessageRow",
    "OptionRow",
    "PlaceRow",
    "PollPlaceRow",
    "PollRow",
    "PostRow",
    "QuizRow",
    "RemarkRow",
    "RoundAnswerRow",
    "RoundRow",
    "ScheduleRow",
    "SecretVoteRow",
    "SpendingRow",
    "TemplateRow",
    "UnansweredRow",
    "UndoableRow",
    "VoteRow",
]
