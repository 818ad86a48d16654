"""A language model asked beside the default judge: what it is asked, and what a month of that took."""

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "second_opinions",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("claim_digest", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.String(length=64),
            nullable=False,
            comment="the language model, with the version of the question",
        ),
        sa.Column(
            "challenge",
            sa.Float(),
            nullable=False,
            comment="as the default judge sees it: the likeliest is asked first",
        ),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, asking, answered, void or failed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it is void or failed"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False, comment="it is not asked before"),
        sa.Column("holder", sa.String(length=160), nullable=False, comment="the process that asks"),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False, comment="since when it is in this state"),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_second_opinions_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_second_opinions_line_lines")),
        sa.PrimaryKeyConstraint(
            "line", "claim", "claim_digest", "arxiv_id", "version", "method", name=op.f("pk_second_opinions")
        ),
        comment="what a language model is or was asked: each claim, paper and version once",
    )
    op.create_index(op.f("ix_second_opinions_method_state"), "second_opinions", ["method", "state"])
    op.create_table(
        "spending",
        sa.Column("month", sa.String(length=7), nullable=False, comment="in UTC, as 2025-11"),
        sa.Column("tokens", sa.Float(), nullable=False, comment="used, and reserved for requests under way"),
        sa.Column("money", sa.Float(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_spending")),
        comment="what asking a language model took",
    )
