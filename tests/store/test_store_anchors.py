"""What became of anchors, kept and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from litwatch.model import AnchorChange, AnchorChangeKind, Coverage, Digest, DigestKind, Paper, Payload
from litwatch.store.anchors import add_anchor_changes, anchor_changes, first_digest_start, told_anchor_changes
from litwatch.store.outbox import freeze, know_channel
from litwatch.store.papers import save_papers
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

NOW = datetime(2025, 11, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def paper(number: int) -> Paper:
    return Paper(arxiv_id=f"2511.9000{number}", title="A", abstract="B.", published=NOW, updated=NOW)


def change(number: int, days: int, kind: AnchorChangeKind = AnchorChangeKind.VERSION) -> AnchorChange:
    return AnchorChange(
        arxiv_id=f"2511.9000{number}", kind=kind, version=2, before="B.", after="C.", at=NOW + days * DAY
    )


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        save_papers(db, [paper(1), paper(2)], now=NOW)
    return store


def test_changes_come_back_as_they_were_kept_oldest_first(store: Store) -> None:
    kept = [change(2, 0), change(1, 1, AnchorChangeKind.DOI), change(1, 1, AnchorChangeKind.WITHDRAWN)]
    with store.write() as db:
        add_anchor_changes(db, kept)
        add_anchor_changes(db, [])
    with store.read() as db:
        assert anchor_changes(db, ["2511.90001", "2511.90002", "2511.90003"]) == kept
        assert anchor_changes(db, ["2511.90002"]) == kept[:1]
        assert anchor_changes(db, []) == []


def test_a_period_holds_its_end_and_not_its_beginning(store: Store) -> None:
    with store.write() as db:
        add_anchor_changes(db, [change(1, days) for days in range(4)])
    with store.read() as db:
        found = anchor_changes(db, ["2511.90001"], since=NOW, until=NOW + 2 * DAY)
    assert [one.at for one in found] == [NOW + DAY, NOW + 2 * DAY]


def test_more_ids_than_a_statement_takes_are_asked_for_in_parts(store: Store) -> None:
    with store.write() as db:
        add_anchor_changes(db, [change(2, 0), change(1, 0)])
    with store.read() as db:
        found = anchor_changes(db, [*(f"2510.{n:05}" for n in range(2000)), "2511.90001", "2511.90002"])
    assert [one.arxiv_id for one in found] == ["2511.90002", "2511.90001"]


def frozen(
    store: Store, channel: str, end: datetime, *told: AnchorChange, kind: DigestKind = DigestKind.DIGEST
) -> None:
    changes = [
        {"kind": str(one.kind), "version": one.version, "at": one.at.isoformat().replace("+00:00", "Z")} for one in told
    ]
    content: dict[str, Any] = {"sections": [{"anchors": [{"arxiv_id": "2511.90001", "changes": changes}]}]}
    digest = Digest(
        id=f"{channel}/{end.isoformat()}",
        kind=kind,
        channel=channel,
        coverage=Coverage(period_start=end - 7 * DAY, period_end=end, papers_read=0),
        created=end,
    )
    with store.write() as db:
        know_channel(db, channel, now=end)
        freeze(db, digest, Payload(subject="s", text="t"), content, due_at=end)


def test_what_a_channel_was_told_is_read_from_its_own_digests(store: Store) -> None:
    first, second = change(1, 0), change(1, 6)
    frozen(store, "mail", NOW + DAY, first)
    frozen(store, "mail", NOW + 7 * DAY, second)
    frozen(store, "slack", NOW + 7 * DAY, replace(second, version=3))
    with store.read() as db:
        assert told_anchor_changes(db, "mail", since=NOW) == {
            ("2511.90001", AnchorChangeKind.VERSION, 2, one.at) for one in (first, second)
        }
        assert {row[3] for row in told_anchor_changes(db, "mail", since=NOW + DAY)} == {second.at}
        assert told_anchor_changes(db, "lab", since=NOW) == set()


def test_the_first_digest_of_a_channel_tells_from_when_on_it_is_told(store: Store) -> None:
    for days in (7, 0, 14):
        frozen(store, "mail", NOW + days * DAY)
    frozen(store, "slack", NOW - 30 * DAY)
    frozen(store, "mail", NOW - 20 * DAY, kind=DigestKind.ALERT)
    with store.read() as db:
        assert first_digest_start(db, "mail") == NOW - 7 * DAY
        assert first_digest_start(db, "lab") is None


def test_digests_frozen_before_anchors_were_told_name_none(store: Store) -> None:
    digest = Digest(
        id="old", channel="mail", created=NOW, coverage=Coverage(period_start=NOW, period_end=NOW, papers_read=0)
    )
    with store.write() as db:
        know_channel(db, "mail", now=NOW)
        freeze(db, digest, Payload(subject="s", text="t"), {"sections": [{"line": "a"}]}, due_at=NOW)
        assert told_anchor_changes(db, "mail", since=NOW - DAY) == set()
