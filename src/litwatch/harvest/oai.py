"""What changed at arXiv since a day: OAI-PMH 2.0, verb ListRecords.

The maintained client (oaipmh-scythe 0.16) parses with recovery, so that a listing cut short looks complete, and
brings an HTTP stack of its own past our gate; so this one is strict, on lxml, and small.

arXivRaw is the form to ask for: it names every version with its time. The form arXiv names the day of the shown
version only, and not its number, so what it shows has to be compared with what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from litwatch.errors import HarvestError
from litwatch.harvest.feeds import RefusedError
from litwatch.harvest.oai_records import Change, ChangePage, OaiError, read_answer, read_identity
from litwatch.harvest.session import BoundedSession, Service

__all__ = ["BadTokenError", "Change", "ChangePage", "Listing", "ListingError", "OaiApi", "archive_spec", "set_spec"]

# Every other archive stands in the group physics (arXiv's ListSets, 2025).
_GROUPS = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The records of a set whose datestamp lies in these days, both included."""

    set_spec: str
    since: date
    until: date | None = None
    """None: up to the newest. arXiv advises to leave it out, as a record that changes moves to a later day."""


class BadTokenError(RefusedError):
    """arXiv takes the token for expired or never given: begin the listing anew."""


class ListingError(HarvestError):
    """A listing does not add up: none of it is to be gone on with."""


class OaiApi:
    """The OAI-PMH service at `url`, over a bounded session."""

    def __init__(self, url: str, session: BoundedSession) -> None:
        self.session = session
        self._url = url
        self._form = "arXivRaw"

    def identify(self) -> str:
        """The service's name for itself: a small question, to learn whether it answers. Raises HarvestError."""
        names: list[str] = []
        url = f"{self._url}?verb=Identify"
        self.session.fetch(url, service=Service.OAI, check=lambda body: names.append(read_identity(body, _SENDER)))
        return names[-1]

    def pages(self, listing: Listing, *, token: str = "") -> Iterator[ChangePage]:
        """The listing page by page, from its beginning or from a token of an earlier page; ends only when whole.

        A listing that matches nothing is one empty page. Raises BadTokenError for a token that arXiv no longer
        takes, and HarvestError when arXiv cannot be asked, when a page brings nothing that the ones before did
        not, or when fewer records came than it declared; the page that shows this is not yielded. Its count is held
        against a listing from the beginning only: what came before a token is not known here.
        """
        begun, declared = not token, None
        asked, seen = {token}, set[str]()
        while True:
            page = self._page(listing, token)
            fresh = page.listed - seen
            seen |= page.listed
            declared = page.declared if page.declared is not None else declared
            if page.token and (page.token in asked or not fresh):
                raise ListingError(
                    f"{_SENDER} goes round in circles: page {len(asked)} of {listing.set_spec} adds nothing"
                )
            if not page.token and begun and len(seen) < (declared or 0):
                raise ListingError(f"{_SENDER} declared {declared} records and {len(seen)} different ones arrived")
            yield page
            if not page.token:
                return
            token = page.token
            asked.add(token)

    def _page(self, listing: Listing, token: str) -> ChangePage:
        answer = self._ask(listing, token)
        if isinstance(answer, OaiError) and answer.code == "cannotDisseminateFormat" and not token:
            # A service that has no history of versions; so it stays for this object's life.
            self._form = "arXiv"
            answer = self._ask(listing, token)
        if isinstance(answer, ChangePage):
            return answer
        if answer.code == "noRecordsMatch":
            return ChangePage(changes=(), token="", declared=None, responded=answer.responded)
        if answer.code == "badResumptionToken":
            raise BadTokenError(f"{_SENDER} does not take the token that it gave: {answer.text}")
        raise RefusedError(f"{_SENDER} refuses to list {listing.set_spec}: {answer.text}")

    def _ask(self, listing: Listing, token: str) -> ChangePage | OaiError:
        words = {"verb": "ListRecords"}
        if token:
            words["resumptionToken"] = token  # it stands alone, and knows the rest
        else:
            words |= {"metadataPrefix": self._form, "set": listing.set_spec, "from": listing.since.isoformat()}
            if listing.until:
                words["until"] = listing.until.isoformat()
        answers: list[ChangePage | OaiError] = []
        url = f"{self._url}?{urlencode(words)}"
        self.session.fetch(url, service=Service.OAI, check=lambda body: answers.append(read_answer(body, _SENDER)))
        return answers[-1]


_SENDER = Service.OAI.sender


def set_spec(category: str) -> str:
    """The set of one category: "cs.CL" is cs:cs:CL, "hep-th" is physics:hep-th."""
    archive = category.partition(".")[0]
    group = archive if archive in _GROUPS else "physics"
    return f"{group}:{category.replace('.', ':')}"


def archive_spec(category: str) -> str:
    """The set of a category's whole archive: "cs.CL" is in cs, "astro-ph.GA" in physics:astro-ph."""
    archive = category.partition(".")[0]
    return archive if archive in _GROUPS else f"physics:{archive}"
