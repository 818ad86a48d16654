"""A service that tells once: leases, what is set aside, upkeep, channels that are stopped."""

import sqlalchemy as sa
from alembic import op

from litwatch.store.schema import UtcTime

revision = "0003"
down_revision = "0002"

_HOLDERS = (("harvests", "holder"), ("gates", "holder"), ("deliveries", "claimed_by"))


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=192), nullable=False, comment="what only one process may do"),
        sa.Column("holder", sa.String(length=160), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "set_aside",
        sa.Column(
            "kind",
            sa.String(length=16),
            nullable=False,
            comment="line, claim, paper, judging (of a paper) or channel",
        ),
        sa.Column("name", sa.String(length=192), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "of", sa.String(length=64), nullable=False, comment="what it was then: it is tried again when this changes"
        ),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False, comment="it is tried again from then on"),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_set_aside")),
        comment="what failed in a way that nobody foresaw, and is left out so that the rest goes on",
    )
    op.create_table(
        "upkeep",
        sa.Column("name", sa.String(length=32), nullable=False, comment="backup or retention"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_upkeep")),
        comment="when each was last done, and how it ended",
    )
    op.create_index(op.f("ix_matches_judged_with"), "matches", ["judged_with"])
    with op.batch_alter_table("channels") as channels:
        channels.add_column(sa.Column("stopped_at", UtcTime(), nullable=True))
        channels.add_column(sa.Column("stopped_because", sa.Text(), nullable=False, server_default=""))
        channels.add_column(
            sa.Column(
                "stopped_url",
                sa.Text(),
                nullable=False,
                server_default="",
                comment="salted hashes of urls that it refused",
            )
        )
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(
            sa.Column(
                "sent_again",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="by rule, its outcome being unknown",
            )
        )
        deliveries.add_column(
            sa.Column(
                "sent_bytes",
                sa.String(length=64),
                nullable=False,
                server_default="",
                comment="SHA-256 of the mail that went out",
            )
        )
    # A holder's name says when it started, too.
    for table, column in _HOLDERS:
        with op.batch_alter_table(table) as wider:
            wider.alter_column(
                column, existing_type=sa.String(length=128), type_=sa.String(length=160), existing_nullable=False
            )
