"""What changed at arXiv: listings by datestamp, today's announcements, and the records that these name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from litwatch.errors import HarvestError
from litwatch.harvest.api import IDS_AT_ONCE
from litwatch.harvest.calendar import feed_day, feed_day_from, index_is_behind
from litwatch.harvest.oai import BadTokenError, Change, ChangePage, Listing, ListingError
from litwatch.harvest.plan import PlannedListing, is_news, may_be_cross_list, token_good_since
from litwatch.harvest.rss import Announcement, AnnounceType
from litwatch.harvest.session import Service
from litwatch.model import Cursor
from litwatch.service.asking import Asking, Tally
from litwatch.store.cursors import listing_token, save_listing, want, want_no_more, wanted_papers
from litwatch.store.harvests import whole_answers
from litwatch.store.papers import get_papers
from litwatch.store.store import Db

FeedsRead = Mapping[date, Collection[str]]
"""By day, the categories whose feed was received whole."""
_FEEDS_LOOKED_AT = timedelta(days=100)
_ANNOUNCEMENTS = "today's announcements in "
_A_FEED = 15
"""Categories in one feed; arXiv ends it after 2,000 announcements."""
_GIVEN_UP_AFTER = timedelta(days=30)
"""A paper that arXiv announced and its search API never gave is asked for so long."""


def list_changes(asking: Asking, planned: PlannedListing) -> None:
    """Keeps what changed in one set. Its cursors move with each listing that came whole.

    Raises HarvestError where arXiv cannot be asked or sends no whole listing; it is taken up again where it broke off.
    """
    for listing in planned.listings:
        end = _midnight(listing.until + timedelta(days=1)) if listing.until else asking.now
        what = f"changes in {planned.categories[0] if len(planned.categories) == 1 else listing.set_spec}"
        with asking.question(Service.OAI, what, _midnight(listing.since), end) as tally:
            responded = _listed(asking, listing, planned.categories, tally)

        def moved(cursor: Cursor, listing: Listing = listing, responded: datetime = responded) -> Cursor:
            # By arXiv's clock: ours may be wrong, and no day may pass for listed that has not come.
            day = min(listing.until + timedelta(days=1), responded.date()) if listing.until else responded.date()
            swept = asking.now if planned.sweep and listing.until is None else cursor.swept_at
            return replace(cursor, changed_through=max(cursor.changed_through, day), swept_at=swept)

        with asking.store.write() as db:
            asking.move(db, planned.categories, moved)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _listed(asking: Asking, listing: Listing, categories: Sequence[str], tally: Tally) -> datetime:
    """Receives a listing page by page, from where it was broken off; returns when arXiv began to answer."""
    with asking.store.read() as db:
        token = listing_token(db, _key(listing, categories), not_before=token_good_since(asking.now))
        feeds = _feeds_read(db, asking.now - _FEEDS_LOOKED_AT)
    try:
        return _pages(asking, listing, categories, tally, token, feeds)
    except (BadTokenError, ListingError) as error:
        with asking.store.write() as db:
            save_listing(db, _key(listing, categories), "", now=asking.now)
        if not token or isinstance(error, ListingError):
            raise
        return _pages(asking, listing, categories, tally, "", feeds)


def _key(listing: Listing, categories: Sequence[str]) -> str:
    """What pages of a listing were kept for: for other categories it has to begin anew."""
    said = f"{listing.set_spec} {listing.since} {listing.until} {' '.join(categories)}"
    return sha256(said.encode()).hexdigest()[:32]


def _pages(
    asking: Asking, listing: Listing, categories: Sequence[str], tally: Tally, token: str, feeds: FeedsRead
) -> datetime:
    responded = None
    for page in asking.services.oai.pages(listing, token=token):
        responded = responded or page.responded
        with asking.store.write() as db:
            _keep_page(asking, db, listing, page, categories, tally, feeds)
            if token:  # how many came before it is not known any more
                tally.declared = tally.received
            save_listing(db, _key(listing, categories), page.token, now=asking.now)
    if responded is None:
        raise HarvestError(f"arXiv's OAI-PMH service gave no page of {listing.set_spec}")
    return responded


def _keep_page(
    asking: Asking,
    db: Db,
    listing: Listing,
    page: ChangePage,
    categories: Sequence[str],
    tally: Tally,
    feeds: FeedsRead,
) -> None:
    watched = set(categories)
    stored = {paper.arxiv_id: paper for paper in get_papers(db, [change.arxiv_id for change in page.changes])}

    def is_due(change: Change) -> bool:
        # A stored paper also when it is in none of the categories any more: then that is what changed.
        if paper := stored.get(change.arxiv_id):
            return not change.agrees_with(paper)
        if watched.isdisjoint(change.categories):
            return False
        if is_news(change.created, listing.since):
            return True
        # Only that day's feed tells a category that was added to an old paper from an edit.
        return may_be_cross_list(change, asking.watched, listing.since) and not _was_announced(
            change, watched, feeds, feed_day(asking.now)
        )

    differing = [change for change in page.changes if is_due(change)]
    tally.received += len(page.changes)
    tally.declared = max(page.declared or 0, tally.received)
    whole = [change.paper for change in differing if change.paper]
    asking.keep(db, whole, tally, listed_since=listing.since)
    want(db, [change.arxiv_id for change in differing if not change.paper], Service.OAI.value, now=asking.now)


def _was_announced(change: Change, watched: Collection[str], feeds: FeedsRead, today: date) -> bool:
    """Whether the feeds were read that would have named it as new in one of our categories.

    Whether a datestamp is the day of the announcement or the one that follows is not documented: both count.
    """
    ours = set(change.categories).intersection(watched)
    days = {feed_day_from(change.datestamp), feed_day_from(change.datestamp + timedelta(days=1))}
    return all(ours.intersection(feeds.get(day, ())) for day in days if day <= today)


def _feeds_read(db: Db, since: datetime) -> FeedsRead:
    """By day, the categories whose feed was received whole."""
    found: dict[date, set[str]] = {}
    for at, what in whole_answers(db, Service.RSS.value, since=since):
        if what.startswith(_ANNOUNCEMENTS):
            found.setdefault(feed_day(at), set()).update(what.removeprefix(_ANNOUNCEMENTS).split(", "))
    return found


# --- announcements -------------------------------------------------------------------------------------------


def take_announcements(asking: Asking, categories: Sequence[str]) -> tuple[Announcement, ...]:
    """Today's RSS feeds, each of so many categories that it has room for all of them."""
    announced: list[Announcement] = []
    for start in range(0, len(categories), _A_FEED):
        some = categories[start : start + _A_FEED]
        with asking.question(Service.RSS, f"{_ANNOUNCEMENTS}{', '.join(some)}", counts=False) as tally:
            feed = asking.services.rss.today(some)
            tally.declared = tally.received = len(feed.announcements)
        announced += feed.announcements
    return tuple({(one.arxiv_id, one.version): one for one in announced}.values())


def want_announced(asking: Asking, announced: Sequence[Announcement]) -> None:
    """What was announced and the store has not, or in an older version, is wanted from here on."""
    with asking.store.write() as db:
        want(db, [one.arxiv_id for one in _missing(db, announced)], Service.RSS.value, now=asking.now)


def check_announcements(asking: Asking, announced: Sequence[Announcement]) -> None:
    """Records how many of today's announcements are stored, after all that was wanted was asked for."""
    with asking.question(Service.RSS, "announced papers that are stored", counts=False) as tally:
        with asking.store.read() as db:
            missing = _missing(db, announced)
        tally.declared, tally.received = len(announced), len(announced) - len(missing)
        if missing:
            tally.short = f"{_papers(len(missing))} announced and not stored yet"


def _missing(db: Db, announced: Sequence[Announcement]) -> list[Announcement]:
    stored = {paper.arxiv_id: paper.version for paper in get_papers(db, [one.arxiv_id for one in announced])}
    new = (AnnounceType.NEW, AnnounceType.CROSS)
    return [one for one in announced if stored.get(one.arxiv_id, 0 if one.kind in new else one.version) < one.version]


# --- records that are wanted ---------------------------------------------------------------------------------


def fetch_wanted(asking: Asking) -> str:
    """Asks the search API for the records that listings and announcements named; what it does not give stays wanted.

    Returns what is still missing, in words. Raises HarvestError when more is missing than came; what came before a
    request that failed is kept.
    """
    with asking.store.read() as db:
        wanted = dict(wanted_papers(db))
    if not wanted:
        return ""
    # In another order every day: what shares an answer with a bad record comes with the next poll.
    ids = sorted(wanted, key=lambda arxiv_id: sha256(f"{asking.now:%Y-%m-%d} {arxiv_id}".encode()).digest())
    missing: list[str] = []
    with asking.question(Service.API, f"records of {len(wanted)} papers named") as tally:
        for start in range(0, len(ids), IDS_AT_ONCE):
            missing += _fetch(asking, ids[start : start + IDS_AT_ONCE], tally)
        if not missing or index_is_behind(asking.now):
            return ""
        some = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        given_up = [arxiv_id for arxiv_id in missing if asking.now - wanted[arxiv_id] > _GIVEN_UP_AFTER]
        if len(missing) - len(given_up) > tally.received:
            raise HarvestError(f"arXiv names papers that its search API does not give ({some})")
        with asking.store.write() as db:
            want_no_more(db, given_up)
        tally.short = f"the search API does not give {_papers(len(missing))} that arXiv names ({some}); asked for again"
    return tally.short


def _fetch(asking: Asking, ids: Sequence[str], tally: Tally) -> list[str]:
    """Keeps what the search API gives of these ids; returns those that it does not give, or not in a readable form."""
    answer = asking.by_id(ids)
    tally.declared += len(ids)
    tally.received += len(answer.papers)
    found = {paper.arxiv_id for paper in answer.papers}
    with asking.store.write() as db:
        asking.keep(db, answer.papers, tally, listed_since=asking.now.date())
        want_no_more(db, list(found))
    return [arxiv_id for arxiv_id in ids if arxiv_id not in found]


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count:,} papers"
