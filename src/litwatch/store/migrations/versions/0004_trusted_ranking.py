"""A ranking that learns and measures itself: parts of a score, near misses, and where each paper stood."""

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import Json, UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "near_misses",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("base", sa.Float(), nullable=True),
        sa.Column("semantic", sa.Float(), nullable=False, server_default="0"),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("claim_scores", Json(), nullable=False),
        sa.Column("terms", Json(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column(
            "chance",
            sa.Float(),
            nullable=False,
            comment="with which a paper of its kind was drawn, above 0 to 1",
        ),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_near_misses_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_near_misses_line_lines")),
        sa.PrimaryKeyConstraint("line", "arxiv_id", name=op.f("pk_near_misses")),
        comment="papers a little below the floor, drawn by chance: what a line may be missing is estimated from them",
    )
    op.create_index(op.f("ix_near_misses_line_found_at"), "near_misses", ["line", "found_at"])
    op.create_table(
        "vectors",
        sa.Column(
            "key", sa.String(length=64), nullable=False, comment="SHA-256 of the encoder's name and of the texts"
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_vectors")),
        comment="what texts mean, as ranking read them; made again where it is gone",
    )
    op.create_index(op.f("ix_vectors_at"), "vectors", ["at"])
    with op.batch_alter_table("matches") as matches:
        matches.add_column(
            sa.Column(
                "base", sa.Float(), nullable=True, comment="the score without the reader's feedback; none: the same"
            )
        )
        matches.add_column(
            sa.Column(
                "semantic",
                sa.Float(),
                nullable=False,
                server_default="0",
                comment="share of the base that meaning has, 0 to 1",
            )
        )
    with op.batch_alter_table("told") as told:
        told.add_column(
            sa.Column(
                "line",
                sa.String(length=64),
                nullable=False,
                server_default="",
                comment="under which it stood; empty of old rows",
            )
        )
        told.add_column(
            sa.Column(
                "place",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="there, from 1; 0 where it is not known",
            )
        )
        told.add_column(sa.Column("score", sa.Float(), nullable=True, comment="as it was told"))
        told.add_column(
            sa.Column(
                "chance",
                sa.Float(),
                nullable=True,
                comment="of a paper told to explore: with which it was chosen; none for the others",
            )
        )
