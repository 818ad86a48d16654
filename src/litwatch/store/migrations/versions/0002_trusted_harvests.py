"""Harvests that can be trusted: changes by datestamp, a record of every question, anchors and alarms."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import Json, UtcTime

revision = "0002"
down_revision = "0001"

_REACH_DAYS = 35


def upgrade() -> None:
    _cursors()
    _harvests()
    with op.batch_alter_table("lines") as lines:
        lines.add_column(sa.Column("backfill_reached", UtcTime(), nullable=True))
    _anchors_and_alarms()


def _cursors() -> None:
    """A cursor of the first version says up to when papers were asked for by submission and by revision.

    What changed since the earlier of the two is listed again. Each poll of it reached back five weeks once a week:
    so far papers are whole, and they are counted at the next poll.
    """
    db = op.get_bind()
    old = sa.table(
        "cursors",
        sa.column("category", sa.String),
        sa.column("submitted_through", UtcTime()),
        sa.column("revised_through", UtcTime()),
    )
    rows = db.execute(sa.select(old)).all()
    papers = sa.table(
        "papers", sa.column("arxiv_id"), sa.column("first_seen", UtcTime()), sa.column("harvested", sa.Boolean)
    )
    of_category = sa.table("paper_categories", sa.column("arxiv_id"), sa.column("category"))
    newest = (
        sa.select(of_category.c.category, sa.func.max(papers.c.first_seen).label("at"))
        .join(papers, papers.c.arxiv_id == of_category.c.arxiv_id)
        .where(papers.c.harvested)
        .group_by(of_category.c.category)
    )
    news_at = {row.category: row.at for row in db.execute(newest)}
    op.drop_table("cursors")
    op.create_table(
        "cursors",
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("whole_since", UtcTime(), nullable=False),
        sa.Column("submitted_through", UtcTime(), nullable=False),
        sa.Column("changed_through", sa.Date(), nullable=False),
        sa.Column("swept_at", UtcTime(), nullable=True),
        sa.Column("audited_at", UtcTime(), nullable=True),
        sa.Column("news_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_cursors")),
    )
    new = sa.table(
        "cursors",
        sa.column("category", sa.String),
        sa.column("whole_since", UtcTime()),
        sa.column("submitted_through", UtcTime()),
        sa.column("changed_through", sa.Date),
        sa.column("news_at", UtcTime()),
    )
    for row in rows:
        db.execute(
            sa.insert(new).values(
                category=row.category,
                whole_since=row.submitted_through - timedelta(days=_REACH_DAYS),
                submitted_through=row.submitted_through,
                changed_through=min(row.submitted_through, row.revised_through).date(),
                news_at=news_at.get(row.category),
            )
        )


def _harvests() -> None:
    with op.batch_alter_table("harvests") as harvests:
        harvests.add_column(sa.Column("categories", Json(), nullable=False, server_default="[]"))
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("harvest", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("window_start", UtcTime(), nullable=True),
        sa.Column("window_end", UtcTime(), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["harvest"], ["harvests.id"], name=op.f("fk_questions_harvest_harvests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sqlite_autoincrement=True,
        comment="what a harvest asked of arXiv, one row a question, with what arXiv declared and what came",
    )
    op.create_index(op.f("ix_questions_harvest"), "questions", ["harvest"], unique=False)
    op.create_table(
        "listings",
        sa.Column(
            "key", sa.String(length=64), nullable=False, comment="of the set, its days and the categories watched in it"
        ),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_listings")),
        comment="OAI-PMH listings that were broken off: the token to go on with, good for the day of `at`",
    )
    op.create_table(
        "wanted",
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("arxiv_id", name=op.f("pk_wanted")),
        comment="papers that arXiv announced or changed and whose record did not arrive yet",
    )
    op.create_table(
        "circuits",
        sa.Column("service", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_circuits")),
        comment="requests that failed one after the other, by service; no row after one that did not",
    )


def _anchors_and_alarms() -> None:
    op.create_table(
        "anchor_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["arxiv_id"], ["papers.arxiv_id"], name=op.f("fk_anchor_changes_arxiv_id_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_anchor_changes_arxiv_id"), "anchor_changes", ["arxiv_id"], unique=False)
    op.create_index(op.f("ix_anchor_changes_at"), "anchor_changes", ["at"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("began", UtcTime(), nullable=False),
        sa.Column("raised_at", UtcTime(), nullable=False, comment="when it was last told"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("categories", Json(), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("over_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_alarms_channel_channels")),
        sa.ForeignKeyConstraint(["digest"], ["digests.id"], name=op.f("fk_alarms_digest_digests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sqlite_autoincrement=True,
        comment="trouble with harvests that a channel was told of; open until over_at",
    )
    op.create_index(op.f("ix_alarms_channel"), "alarms", ["channel"], unique=False)
