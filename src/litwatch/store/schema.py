"""The tables. A change here needs a migration beside it; a test holds the two together."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

from litwatch.model import utc


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused: SQLite would drop the zone without a word."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = utc(value)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_GREATEST = 2**31 - 1


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot keep: NUL, and halves of characters, which stand in for no text."""
    return _NO_TEXT.sub("", text)


class Name(TypeDecorator[str]):
    """A text of at most so many characters, as PostgreSQL holds it to; without what is no text (`storable`)."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Words(Name):
    """A text of any length, from anywhere."""

    impl = Text
    cache_ok = True


class Whole(TypeDecorator[int]):
    """A number of four bytes, as PostgreSQL keeps it. One beyond is none that we gave: it is taken for the greatest."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else max(-_GREATEST, min(value, _GREATEST))


class Json(TypeDecorator[Any]):
    """A small value as compact JSON text: the same on every database, and readable in any client."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

papers = Table(
    "papers",
    metadata,
    Column("arxiv_id", Name(32), primary_key=True),
    Column("version", Whole, nullable=False),
    Column("title", Words, nullable=False),
    Column("abstract", Words, nullable=False),
    Column("authors", Json, nullable=False),
    Column("categories", Json, nullable=False),
    Column("primary_category", Name(32), nullable=False),
    Column("published", UtcTime, nullable=False),
    Column("updated", UtcTime, nullable=False),
    Column("comment", Words, nullable=False),
    Column("doi", Words, nullable=False),
    Column("journal_ref", Words, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    # False for a paper known only because a line rests on it: it is no news, and not ranked.
    Column("harvested", Boolean, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    # Grows with each new text (a new paper or version): what is above a line's mark has yet to be ranked.
    Column("text_seq", Whole, nullable=False, unique=True),
    Index(None, "published"),
    Index(None, "first_seen"),
    Index(None, "withdrawn"),
)

paper_categories = Table(
    "paper_categories",
    metadata,
    Column("category", Name(32), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id", ondelete="CASCADE"), primary_key=True),
)

paper_versions = Table(
    "paper_versions",
    metadata,
    Column("arxiv_id", ForeignKey("papers.arxiv_id", ondelete="CASCADE"), primary_key=True),
    Column("version", Whole, primary_key=True),
    Column("title", Words, nullable=False),
    Column("abstract", Words, nullable=False),
    Column("comment", Words, nullable=False),
    Column("updated", UtcTime, nullable=False),
    comment="older texts of papers that were revised",
)

lines = Table(
    "lines",
    metadata,
    Column("slug", Name(64), primary_key=True),
    Column("question", Words, nullable=False),
    Column("known_since", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    Column("backfilled_at", UtcTime),
    # Down to when a search backwards that was broken off came.
    Column("backfill_reached", UtcTime),
    # What the matches below were made with; another fingerprint means ranking from the start.
    Column("fingerprint", Name(64), nullable=False),
    Column("ranked_through", Whole, nullable=False),
)

claim_texts = Table(
    "claim_texts",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("line", ForeignKey("lines.slug"), nullable=False),
    Column("claim", Name(32), nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("findings", Json, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False, comment="the reader took it out of the file"),
    Column("since", UtcTime, nullable=False),
    Index(None, "line", "claim"),
    sqlite_autoincrement=True,
    comment="what each claim said and from when on; rows are added and never changed",
)

line_anchors = Table(
    "line_anchors",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("line", ForeignKey("lines.slug"), nullable=False, index=True),
    Column("arxiv_id", Name(32), nullable=False),
    Column("gone", Boolean, nullable=False, comment="the reader took it out of the file"),
    Column("since", UtcTime, nullable=False),
    sqlite_autoincrement=True,
    comment="which papers each line rested on and from when on; rows are added and never changed",
)

anchors = Table(
    "anchors",
    metadata,
    Column("arxiv_id", Name(32), primary_key=True),
    Column("found", Boolean, nullable=False),
    Column("checked_at", UtcTime, nullable=False),
)

anchor_changes = Table(
    "anchor_changes",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), nullable=False, index=True),
    Column("kind", Name(24), nullable=False),
    Column("version", Whole, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

matches = Table(
    "matches",
    metadata,
    Column("line", ForeignKey("lines.slug"), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), primary_key=True),
    Column("version", Whole, nullable=False),
    Column("score", Float, nullable=False),
    Column("base", Float, comment="the score without the reader's feedback; none: the same"),
    Column("semantic", Float, nullable=False, server_default="0", comment="share of the base that meaning has, 0 to 1"),
    Column("claim", Name(32), nullable=False),
    Column("claim_scores", Json, nullable=False),
    Column("terms", Json, nullable=False),
    Column("sentence", Words, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("judged_with", Name(96), nullable=False, comment="method and threshold of the last judging"),
    Index(None, "line", "score"),
    Index(None, "judged_with"),
)

near_misses = Table(
    "near_misses",
    metadata,
    Column("line", ForeignKey("lines.slug"), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), primary_key=True),
    Column("version", Whole, nullable=False),
    Column("score", Float, nullable=False),
    Column("base", Float),
    Column("semantic", Float, nullable=False, server_default="0"),
    Column("claim", Name(32), nullable=False),
    Column("claim_scores", Json, nullable=False),
    Column("terms", Json, nullable=False),
    Column("sentence", Words, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("chance", Float, nullable=False, comment="with which a paper of its kind was drawn, above 0 to 1"),
    Index(None, "line", "found_at"),
    comment="papers a little below the floor, drawn by chance: what a line may be missing is estimated from them",
)

vectors = Table(
    "vectors",
    metadata,
    Column("key", Name(64), primary_key=True, comment="SHA-256 of the encoder's name and of the texts"),
    Column("data", LargeBinary, nullable=False),
    # Seconds since 1970, by the clock that all processes on the store share.
    Column("at", Float, nullable=False, index=True),
    comment="what texts mean, as ranking read them; made again where it is gone",
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("line", ForeignKey("lines.slug"), nullable=False),
    Column("claim", Name(32), nullable=False),
    Column("claim_digest", Name(64), nullable=False, comment="of the claim's text as it was judged"),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), nullable=False),
    Column("version", Whole, nullable=False),
    Column("stance", Name(16), nullable=False),
    Column("probability", Float, nullable=False),
    Column("challenge", Float, nullable=False),
    Column("sentence", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("method", Name(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "line", "claim_digest", "claim", "arxiv_id"),
    Index(None, "arxiv_id"),
    sqlite_autoincrement=True,
)

second_opinions = Table(
    "second_opinions",
    metadata,
    Column("line", ForeignKey("lines.slug"), primary_key=True),
    Column("claim", Name(32), primary_key=True),
    Column("claim_digest", Name(64), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), primary_key=True),
    Column("version", Whole, primary_key=True),
    Column("method", Name(64), primary_key=True, comment="the language model, with the version of the question"),
    Column("challenge", Float, nullable=False, comment="as the default judge sees it: the likeliest is asked first"),
    Column("state", Name(16), nullable=False, comment="waiting, asking, answered, void or failed"),
    Column("reason", Words, nullable=False, comment="why it is void or failed"),
    Column("attempts", Whole, nullable=False),
    Column("due_at", UtcTime, nullable=False, comment="it is not asked before"),
    Column("holder", Name(160), nullable=False, comment="the process that asks"),
    # Seconds since 1970, by the clock that all processes on the store share.
    Column("until", Float, nullable=False),
    Column("at", UtcTime, nullable=False, comment="since when it is in this state"),
    Index(None, "method", "state"),
    comment="what a language model is or was asked: each claim, paper and version once",
)

spending = Table(
    "spending",
    metadata,
    Column("month", Name(7), primary_key=True, comment="in UTC, as 2025-11"),
    Column("tokens", Float, nullable=False, comment="used, and reserved for requests under way"),
    Column("money", Float, nullable=False),
    Column("requests", Whole, nullable=False),
    comment="what asking a language model took",
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("verdict", ForeignKey("verdicts.id"), nullable=False, index=True),
    Column("review", Name(16), nullable=False),
    Column("at", UtcTime, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("line", ForeignKey("lines.slug"), nullable=False),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), nullable=False),
    Column("mark", Name(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "line", "arxiv_id"),
)

skips = Table(
    "skips",
    metadata,
    Column("item", Name(160), primary_key=True, comment="as verdict/12 or paper/LINE/2507.21919"),
    Column("at", UtcTime, nullable=False),
    comment="what the reader put off in the review queue, and when last",
)

taken = Table(
    "taken",
    metadata,
    Column("line", ForeignKey("lines.slug"), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), primary_key=True),
    Column("source", Words, nullable=False, comment="name of the text that cites it"),
    Column("at", UtcTime, nullable=False),
    comment="papers that the reader took in from a text: matches of the line whatever their score",
)

proposals = Table(
    "proposals",
    metadata,
    Column("line", ForeignKey("lines.slug"), primary_key=True),
    Column("digest", Name(64), primary_key=True, comment="of all that was asked about"),
    Column("method", Name(64), primary_key=True),
    Column("questions", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="research questions that a language model proposed, each time it was asked",
)

cursors = Table(
    "cursors",
    metadata,
    Column("category", Name(32), primary_key=True),
    Column("whole_since", UtcTime, nullable=False),
    Column("submitted_through", UtcTime, nullable=False),
    Column("changed_through", Date, nullable=False),
    Column("swept_at", UtcTime),
    Column("audited_at", UtcTime),
    Column("news_at", UtcTime),
)

listings = Table(
    "listings",
    metadata,
    Column("key", Name(64), primary_key=True, comment="of the set, its days and the categories watched in it"),
    Column("token", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="OAI-PMH listings that were broken off: the token to go on with, good for the day of `at`",
)

wanted = Table(
    "wanted",
    metadata,
    Column("arxiv_id", Name(32), primary_key=True),
    Column("source", Name(8), nullable=False),
    Column("since", UtcTime, nullable=False),
    comment="papers that arXiv announced or changed and whose record did not arrive yet",
)

harvests = Table(
    "harvests",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("source", Name(32), nullable=False),
    Column("window_start", UtcTime),
    Column("window_end", UtcTime),
    Column("state", Name(16), nullable=False),
    Column("requests", Whole, nullable=False),
    Column("declared", Whole, nullable=False),
    Column("received", Whole, nullable=False),
    Column("new", Whole, nullable=False),
    Column("revised", Whole, nullable=False),
    Column("reason", Words, nullable=False),
    Column("holder", Name(160), nullable=False, comment="the process at work on it; empty when it ended"),
    # State and reason of each category at its end.
    Column("categories", Json, nullable=False, server_default="[]"),
    sqlite_autoincrement=True,
)

questions = Table(
    "questions",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("harvest", ForeignKey("harvests.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source", Name(8), nullable=False),
    Column("what", Words, nullable=False),
    Column("window_start", UtcTime),
    Column("window_end", UtcTime),
    Column("requests", Whole, nullable=False),
    Column("declared", Whole, nullable=False),
    Column("received", Whole, nullable=False),
    Column("new", Whole, nullable=False),
    Column("revised", Whole, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    sqlite_autoincrement=True,
    comment="what a harvest asked of arXiv, one row a question, with what arXiv declared and what came",
)

circuits = Table(
    "circuits",
    metadata,
    Column("service", Name(8), primary_key=True),
    Column("failures", Whole, nullable=False),
    Column("reason", Words, nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    comment="requests that failed one after the other, by service; no row after one that did not",
)

gates = Table(
    "gates",
    metadata,
    Column("name", Name(32), primary_key=True),
    Column("holder", Name(160), nullable=False),
    # Seconds since 1970 by the wall clock: the gate keeps real time even where LITWATCH_NOW fixes the clock.
    Column("held_until", Float, nullable=False),
    Column("free_at", Float, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Name(192), primary_key=True, comment="what only one process may do"),
    Column("holder", Name(160), nullable=False),
    # Seconds since 1970, by the clock that all processes on the store share.
    Column("until", Float, nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("kind", Name(16), primary_key=True, comment="line, claim, paper, judging (of a paper) or channel"),
    Column("name", Name(192), primary_key=True),
    Column("reason", Words, nullable=False),
    Column("of", Name(64), nullable=False, comment="what it was then: it is tried again when this changes"),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False, comment="it is tried again from then on"),
    comment="what failed in a way that nobody foresaw, and is left out so that the rest goes on",
)

upkeep = Table(
    "upkeep",
    metadata,
    Column("name", Name(32), primary_key=True, comment="backup or retention"),
    Column("at", UtcTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("says", Words, nullable=False),
    comment="when each was last done, and how it ended",
)

channels = Table(
    "channels",
    metadata,
    Column("name", Name(64), primary_key=True),
    Column("known_since", UtcTime, nullable=False),
    # A channel that refused for good is stopped until a person changes its url or lets it go on.
    Column("stopped_at", UtcTime),
    Column("stopped_because", Words, nullable=False, server_default=""),
    Column("stopped_url", Words, nullable=False, server_default="", comment="salted hashes of urls that it refused"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Name(128), primary_key=True),
    Column("channel", ForeignKey("channels.name"), nullable=False),
    Column("kind", Name(16), nullable=False),
    Column("period_start", UtcTime, nullable=False),
    Column("period_end", UtcTime, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("content", Json, nullable=False),
    Index(None, "channel", "period_end"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("channel", ForeignKey("channels.name"), nullable=False, index=True),
    Column("began", UtcTime, nullable=False),
    Column("raised_at", UtcTime, nullable=False, comment="when it was last told"),
    Column("state", Name(16), nullable=False),
    Column("reason", Words, nullable=False),
    # [category, state, when it was told, whether it lasts] for each category that was told.
    Column("categories", Json, nullable=False),
    Column("digest", ForeignKey("digests.id"), nullable=False),
    Column("over_at", UtcTime),
    sqlite_autoincrement=True,
    comment="trouble with harvests that a channel was told of; open until over_at",
)

told = Table(
    "told",
    metadata,
    Column("channel", ForeignKey("channels.name"), primary_key=True),
    Column("arxiv_id", ForeignKey("papers.arxiv_id"), primary_key=True),
    Column("digest", ForeignKey("digests.id"), nullable=False),
    Column("line", Name(64), nullable=False, server_default="", comment="under which it stood; empty of old rows"),
    Column("place", Whole, nullable=False, server_default="0", comment="there, from 1; 0 where it is not known"),
    Column("score", Float, comment="as it was told"),
    Column("chance", Float, comment="of a paper told to explore: with which it was chosen; none for the others"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("digest", ForeignKey("digests.id"), nullable=False, unique=True),
    Column("channel", ForeignKey("channels.name"), nullable=False),
    Column("state", Name(16), nullable=False),
    Column("attempts", Whole, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_by", Name(160), nullable=False),
    Column("claimed_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("last_error", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("html", Words, nullable=False),
    Column("slack", Json, nullable=False),
    Column("sent_again", Boolean, nullable=False, server_default=false(), comment="by rule, its outcome being unknown"),
    Column("sent_bytes", Name(64), nullable=False, server_default="", comment="SHA-256 of the mail that went out"),
    Index(None, "state", "due_at"),
    sqlite_autoincrement=True,
)
