"""The first form of the store."""

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import Json, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("checked_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("arxiv_id", name=op.f("pk_anchors")),
    )
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("known_since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "cursors",
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("submitted_through", UtcTime(), nullable=False),
        sa.Column("revised_through", UtcTime(), nullable=False),
        sa.Column("swept_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_cursors")),
    )
    op.create_table(
        "gates",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("held_until", sa.Float(), nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gates")),
    )
    op.create_table(
        "harvests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("window_start", UtcTime(), nullable=True),
        sa.Column("window_end", UtcTime(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "holder", sa.String(length=128), nullable=False, comment="the process at work on it; empty when it ended"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvests")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lines",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("known_since", UtcTime(), nullable=False),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.Column("backfilled_at", UtcTime(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("ranked_through", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_lines")),
    )
    op.create_table(
        "papers",
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("authors", Json(), nullable=False),
        sa.Column("categories", Json(), nullable=False),
        sa.Column("primary_category", sa.String(length=32), nullable=False),
        sa.Column("published", UtcTime(), nullable=False),
        sa.Column("updated", UtcTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("journal_ref", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("harvested", sa.Boolean(), nullable=False),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.Column("text_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("arxiv_id", name=op.f("pk_papers")),
        sa.UniqueConstraint("text_seq", name=op.f("uq_papers_text_seq")),
    )
    op.create_index(op.f("ix_papers_first_seen"), "papers", ["first_seen"], unique=False)
    op.create_index(op.f("ix_papers_published"), "papers", ["published"], unique=False)
    op.create_index(op.f("ix_papers_withdrawn"), "papers", ["withdrawn"], unique=False)
    op.create_table(
        "claim_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("findings", Json(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False, comment="the reader took it out of the file"),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_claim_texts_line_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_texts")),
        comment="what each claim said and from when on; rows are added and never changed",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_claim_texts_line_claim"), "claim_texts", ["line", "claim"], unique=False)
    op.create_table(
        "digests",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("period_start", UtcTime(), nullable=False),
        sa.Column("period_end", UtcTime(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_digests_channel_channels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    op.create_index(op.f("ix_digests_channel_period_end"), "digests", ["channel", "period_end"], unique=False)
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_marks_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_marks_line_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_line_arxiv_id"), "marks", ["line", "arxiv_id"], unique=False)
    op.create_table(
        "matches",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("claim_scores", Json(), nullable=False),
        sa.Column("terms", Json(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column(
            "judged_with", sa.String(length=96), nullable=False, comment="method and threshold of the last judging"
        ),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_matches_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_matches_line_lines")),
        sa.PrimaryKeyConstraint("line", "arxiv_id", name=op.f("pk_matches")),
    )
    op.create_index(op.f("ix_matches_line_score"), "matches", ["line", "score"], unique=False)
    op.create_table(
        "paper_categories",
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_paper_categories_arxiv_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("category", "arxiv_id", name=op.f("pk_paper_categories")),
    )
    op.create_table(
        "paper_versions",
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("updated", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_paper_versions_arxiv_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arxiv_id", "version", name=op.f("pk_paper_versions")),
        comment="older texts of papers that were revised",
    )
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("claim_digest", sa.String(length=64), nullable=False, comment="of the claim's text as it was judged"),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("challenge", sa.Float(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_verdicts_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["line"], ["lines.slug"], name=op.f("fk_verdicts_line_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_verdicts_arxiv_id"), "verdicts", ["arxiv_id"], unique=False)
    op.create_index(
        op.f("ix_verdicts_line_claim_digest_claim_arxiv_id"),
        "verdicts",
        ["line", "claim_digest", "claim", "arxiv_id"],
        unique=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("claimed_by", sa.String(length=128), nullable=False),
        sa.Column("claimed_at", UtcTime(), nullable=True),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("slack", Json(), nullable=False),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_deliveries_channel_channels")),
        sa.ForeignKeyConstraint(["digest"], ["digests.id"], name=op.f("fk_deliveries_digest_digests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("digest", name=op.f("uq_deliveries_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deliveries_state_due_at"), "deliveries", ["state", "due_at"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["verdict"], ["verdicts.id"], name=op.f("fk_reviews_verdict_verdicts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_verdict"), "reviews", ["verdict"], unique=False)
    op.create_table(
        "told",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_told_arxiv_id_papers")),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_told_channel_channels")),
        sa.ForeignKeyConstraint(["digest"], ["digests.id"], name=op.f("fk_told_digest_digests")),
        sa.PrimaryKeyConstraint("channel", "arxiv_id", name=op.f("pk_told")),
    )
