"""A test message on a channel: made like a digest, so that what a service refuses of digests shows at once."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from litwatch.deliver.channel import send
from litwatch.digest.payload import fit
from litwatch.errors import DeliveryError
from litwatch.model import Coverage, Digest, Entry, Finish, HarvestState, Payload, Section
from litwatch.service.demo import sample_papers
from litwatch.service.digests import Channel, form_of
from litwatch.store.channels import let_go_on
from litwatch.store.store import Store

_PAPERS = 12
_WEEK = timedelta(days=7)


def try_channel(store: Store | None, name: str, url: str, *, now: datetime) -> bool:
    """Sends a test message, and lets the channel go on where it was stopped; True when it was.

    store: None where there is none to keep such things in. Raises DeliveryError when the message is not taken.
    """
    digest = f"{name}/test/{now:%Y-%m-%dT%H%M%SZ}"
    payload = trial(name, url, digest, now=now)
    try:
        send(name, url, payload, digest=digest, number=0, date=now)
    except DeliveryError:
        raise
    except Exception as error:
        # Of a channel's library nobody knows what it did before. The message of its error may hold a secret.
        says = f"unexpected error ({type(error).__name__} in {_place(error)}); the message may have arrived"
        raise DeliveryError(f"channel {name}: {says}", unknown=True) from None
    if store is None:
        return False
    with store.write() as db:
        return let_go_on(db, name)


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"


def trial(name: str, url: str, digest: str, *, now: datetime) -> Payload:
    """A digest of a dozen of the bundled samples in the form that the channel takes; it says what it is."""
    papers = sample_papers()
    section = Section(
        line="test",
        question="A test message of litwatch: the papers below are invented, and only show the form of a digest.",
        entries=tuple(
            Entry(paper=paper, score=0.5, claim=None, sentence=paper.abstract[:300]) for paper in papers[:_PAPERS]
        ),
    )
    coverage = Coverage(
        period_start=now - _WEEK,
        period_end=now,
        papers_read=len(papers),
        harvest=Finish(state=HarvestState.FRESH, at=now),
        last_well=now,
    )
    shown = Digest(id=digest, channel=name, sections=(section,), coverage=coverage, created=now)
    payload = fit(shown, form_of(Channel(name=name, url=url))).payload
    return replace(payload, subject=f"litwatch: a test message ({name})")
