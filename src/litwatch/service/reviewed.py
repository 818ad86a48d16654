"""What the reader's reviews say of the marks that commands show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from litwatch.digest.track import tracks
from litwatch.model import Track, Verdict
from litwatch.store.reviewed import reviewed_challenges
from litwatch.store.store import Store


def track_records(
    store: Store, shown: Iterable[Verdict], threshold: float, *, as_of: datetime | None = None
) -> tuple[Track, ...]:
    """How the reader reviewed marks like these so far (`digest.track`), of whatever line; none where no challenge is
    shown. as_of: by what was reviewed up to then."""
    methods = {verdict.evidence.method for verdict in shown if verdict.evidence.stance.challenges}
    if not methods:
        return ()
    with store.read() as db:
        return tracks(reviewed_challenges(db, as_of=as_of), methods, threshold)
