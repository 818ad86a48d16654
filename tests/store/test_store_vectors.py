from __future__ import annotations

from datetime import UTC, datetime

import pytest

from litwatch.errors import StoreError
from litwatch.model import Line
from litwatch.rank.meaning import Meaning
from litwatch.service.meaning import StoreVectors, make_meaning
from litwatch.store.copy import holds_something
from litwatch.store.lines import sync_lines
from litwatch.store.store import Store
from litwatch.store.vectors import count_old_vectors, drop_old_vectors, keep_vectors, recall_vectors

pytestmark = pytest.mark.both_databases
MANY = {f"{number:064d}": bytes([number % 256, 0, 255]) for number in range(2000)}


def test_what_is_kept_is_recalled_and_the_rest_left_out(store: Store) -> None:
    with store.write() as db:
        keep_vectors(db, MANY)
    with store.read() as db:
        assert recall_vectors(db, [*MANY, "none"]) == MANY
        assert recall_vectors(db, []) == {}


def test_a_store_with_nothing_but_vectors_holds_nothing_that_a_restore_would_lose(store: Store) -> None:
    with store.write() as db:
        keep_vectors(db, {"a": b"1"})
        assert not holds_something(db)
        sync_lines(
            db, [Line(slug="tides", question="Does it warm?")], {"tides": "f"}, now=datetime(2025, 1, 1, tzinfo=UTC)
        )
        assert holds_something(db)


def test_keeping_again_changes_nothing(store: Store) -> None:
    with store.write() as db:
        keep_vectors(db, {"a": b"1"})
        keep_vectors(db, {"a": b"2", "b": b"3"})
        assert recall_vectors(db, ["a", "b"]) == {"a": b"1", "b": b"3"}


def test_old_ones_go_a_piece_at_a_time(store: Store) -> None:
    with store.write() as db:
        keep_vectors(db, MANY)
        assert count_old_vectors(db, days=1) == 0
        assert drop_old_vectors(db, days=1, limit=1000) == 0
        assert count_old_vectors(db, days=-1) == len(MANY)
        assert drop_old_vectors(db, days=-1, limit=1500) == 1500
        assert len(recall_vectors(db, list(MANY))) == 500


def test_another_process_reads_no_text_again(store: Store) -> None:
    first = Meaning(StoreVectors(store)).vectors(["Tea keeps readers awake."])

    def refuses(_: object) -> object:
        raise AssertionError("it was read again")

    again = Meaning(StoreVectors(store), encode=refuses).vectors(["Tea keeps readers awake."])  # type: ignore[arg-type]
    assert (first == again).all()


def test_meaning_can_be_left_out(store: Store) -> None:
    assert make_meaning(store, semantic=False) is None
    assert make_meaning(store, semantic=True) is not None


def test_a_store_that_takes_nothing_now_is_no_reason_not_to_read(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked() -> None:
        raise StoreError("the store is locked by another process")

    monkeypatch.setattr(store, "write", locked)
    assert Meaning(StoreVectors(store)).vectors(["Tea keeps readers awake."]).shape[0] == 1
    assert "read again" in caplog.text
