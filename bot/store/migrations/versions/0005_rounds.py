"""Rounds of several quiz questions, alone and together, and the leaderboard of a place."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.String(255)


def upgrade() -> None:
    """Name the question of each quiz by its id; the earlier ones are the scripts' own, which need none."""
    op.add_column("quizzes", sa.Column("question", sa.Text))
    op.add_column("quizzes", sa.Column("round", sa.Integer))
    op.create_index("ix_quizzes_round", "quizzes", ["round"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("together", sa.Boolean, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("revealed", sa.Boolean, nullable=False),
        sa.Column("asked", sa.DateTime, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("ended", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("rounds_of_a_place", "rounds", ["place", "together"])
    op.create_index("ix_rounds_person", "rounds", ["person"])
    op.create_table(
        "round_answers",
        sa.Column("round", sa.Integer, sa.ForeignKey("rounds.id"), primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("option", sa.Integer),
    )
    op.create_index("ix_round_answers_person", "round_answers", ["person"])
    op.create_table(
        "leaderboard",
        sa.Column("place", KEY, primary_key=True),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("ix_leaderboard_person", "leaderboard", ["person"])
