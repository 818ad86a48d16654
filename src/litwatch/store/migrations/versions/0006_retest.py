"""The re-test: which papers lines rested on and when, what was skipped in reviewing, taken in, and proposed."""

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "line_anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False, comment="the reader took it out of the file"),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_line_anchors_line_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_anchors")),
        comment="which papers each line rested on and from when on; rows are added and never changed",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_line_anchors_line"), "line_anchors", ["line"])
    op.create_table(
        "skips",
        sa.Column("item", sa.String(length=160), nullable=False, comment="as verdict/12 or paper/LINE/2507.21919"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_skips")),
        comment="what the reader put off in the review queue, and when last",
    )
    op.create_table(
        "taken",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="name of the text that cites it"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_taken_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_taken_line_lines")),
        sa.PrimaryKeyConstraint("line", "arxiv_id", name=op.f("pk_taken")),
        comment="papers that the reader took in from a text: matches of the line whatever their score",
    )
    op.create_table(
        "proposals",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of all that was asked about"),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_proposals_line_lines")),
        sa.PrimaryKeyConstraint("line", "digest", "method", name=op.f("pk_proposals")),
        comment="research questions that a language model proposed, each time it was asked",
    )
