"""The tables, by subject. What changes here needs a migration in `migrations/versions`; a test compares the two."""

from bot.store.models.base import Base
from bot.store.models.discussions import DigestRow, DiscussionRow, RemarkRow
from bot.store.models.plans import DraftRow, DueRow, PostRow, ScheduleRow, TemplateRow
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
    "VoteRow",
]
