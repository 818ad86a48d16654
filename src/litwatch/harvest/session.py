"""The one way out to arXiv: bounded, polite, and suspicious of what comes back.

`arxiv.Client` waits for ever on a stalled server, recovers half a feed without a word and takes an HTML page
for "no results". So each answer is read here first, within a deadline and a size, and handed on only when it
is a whole feed: well-formed XML, no error feed, every entry dated, and as many entries as arXiv declared.
"""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import requests
from lxml import etree

from litwatch import __version__
from litwatch.errors import HarvestError
from litwatch.text import plain, squeeze

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_MOST_BYTES = 64 * 1024 * 1024
_ATTEMPTS = 3
_LONGEST_WAIT = 120.0
"""Seconds that one poll waits for a Retry-After before it leaves the question to the next poll."""


class Gate(Protocol):
    """Says when the next request may go out."""

    def turn(self) -> AbstractContextManager[None]: ...

    def pause(self, seconds: float) -> None: ...


class BoundedSession(requests.Session):
    """A requests session for the search API whose `get` returns whole feeds or raises HarvestError.

    timeout: seconds to connect, to wait for an answer, and for the whole body. Transient troubles are asked
    again, twice at most (a timeout once), with exponential back-off and full jitter, or when arXiv says.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        timeout: float,
        delay: float,
        contact: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._gate = gate
        self._timeout = timeout
        self._backoff = max(delay, 0.5)
        self._sleep = sleep
        who = f"; mailto:{contact}" if contact else ""
        self.agent = f"litwatch/{__version__} (literature alerts{who})"
        self.asked = 0
        """Requests sent so far."""
        self.declared = 0
        """totalResults of the last feed."""
        self.said_at = ""
        """The Date header of the last answer."""
        self.max_redirects = 5

    def get(self, url: str | bytes, **_: Any) -> requests.Response:  # type: ignore[override]
        """The answer to a query, checked whole. `url` carries start and max_results, as arxiv.Client writes it."""
        address = url.decode() if isinstance(url, bytes) else url
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._ask(address)
            except _TransientError as trouble:
                if attempt == _ATTEMPTS or (trouble.slow and attempt > 1):
                    raise HarvestError(f"{trouble}, {attempt} times in a row") from trouble.__cause__
                if (trouble.retry_after or 0) > _LONGEST_WAIT:
                    raise HarvestError(
                        f"{trouble} and asks us to wait {trouble.retry_after:.0f} s; the next poll asks again",
                        retry_after=trouble.retry_after,
                    ) from trouble.__cause__
                # A Retry-After is kept by the gate, for every process; here only our own back-off is.
                if trouble.retry_after is None:
                    self._sleep(random.uniform(0.5, 1.0) * self._backoff * 2 ** (attempt - 1))
        raise AssertionError("the loop returns or raises")

    def _ask(self, url: str) -> requests.Response:
        with self._gate.turn():
            self.asked += 1
            try:
                response = super().get(url, headers={"User-Agent": self.agent}, timeout=self._timeout, stream=True)
                with response:
                    body = self._read(response)
            except requests.Timeout as error:
                raise _TransientError(f"arXiv gave no answer within {self._timeout:g} s", slow=True) from error
            except requests.TooManyRedirects as error:
                raise HarvestError("arXiv's address redirects in a circle; check arxiv.api_url") from error
            except requests.ConnectionError as error:
                raise _TransientError(f"arXiv cannot be reached or broke off ({_kind(error)})") from error
            except requests.RequestException as error:
                raise _TransientError(f"arXiv's answer cannot be read ({_kind(error)})") from error
            self.said_at = response.headers.get("Date", "")
            if response.status_code != 200:
                retry_after = _retry_after(response)
                if retry_after is not None:
                    self._gate.pause(retry_after)
                self._refuse(response.status_code, body, retry_after)
        self.declared = check_feed(body, url)
        return response

    def _read(self, response: requests.Response) -> bytes:
        deadline = time.monotonic() + self._timeout
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_content(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_BYTES:
                raise HarvestError(f"arXiv's answer is larger than {_MOST_BYTES >> 20} MB; check arxiv.api_url")
            if time.monotonic() > deadline:
                raise _TransientError(f"arXiv's answer was not complete within {self._timeout:g} s", slow=True)
        body = b"".join(pieces)
        response._content = body  # what arxiv.Client reads next
        return body

    def _refuse(self, status: int, body: bytes, retry_after: float | None) -> None:
        if status == 400:
            raise HarvestError(f"arXiv refuses the query: {_error_summary(body) or 'bad request'}")
        if status in (408, 425, 429) or status >= 500:
            raise _TransientError(f"arXiv answers {status}", retry_after=retry_after)
        raise HarvestError(f"arXiv answers {status}; check arxiv.api_url")


class _TransientError(HarvestError):
    """Worth asking again. `slow`: it cost a whole timeout, so once is enough."""

    def __init__(self, message: str, *, retry_after: float | None = None, slow: bool = False) -> None:
        super().__init__(message, retry_after=retry_after)
        self.slow = slow


def check_feed(body: bytes, url: str) -> int:
    """The totalResults of a whole feed.

    Raises HarvestError when the body is no feed, is an error feed, holds an entry without dates, or holds
    another number of entries than declared.
    """
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        what = "an HTML page" if body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")) else "no feed"
        raise _TransientError(f"arXiv sent {what} where a feed was due (or one cut short)") from error
    if root.tag != f"{_ATOM}feed":
        what = "an HTML page" if "html" in str(root.tag).lower() else "no feed"
        raise _TransientError(f"arXiv sent {what} where a feed was due")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        if "/api/errors" in (entry.findtext(f"{_ATOM}id") or ""):
            raise HarvestError(f"arXiv refuses the query: {_summary(entry)}")
        if not entry.findtext(f"{_ATOM}published") or not entry.findtext(f"{_ATOM}updated"):
            raise _TransientError("arXiv sent an entry without its dates")
    try:
        declared = int((root.findtext(_TOTAL) or "").strip())
    except ValueError:
        raise _TransientError("arXiv sent a feed that does not say how many results there are") from None
    asked = parse_qs(urlsplit(url).query)
    start, size = int(asked.get("start", ["0"])[0]), int(asked.get("max_results", ["10"])[0])
    due = max(0, min(size, declared - start))
    if len(entries) != due:
        raise _TransientError(f"arXiv declared {declared} results and sent {len(entries)} where {due} were due")
    return declared


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _error_summary(body: bytes) -> str:
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return ""
    entry = root.find(f"{_ATOM}entry")
    return "" if entry is None else _summary(entry)


def _summary(entry: etree._Element) -> str:
    """What an error feed says, on one line and at a length that a line may have."""
    return squeeze(plain(entry.findtext(f"{_ATOM}summary") or ""))[:300]


_KINDS = {
    "remotedisconnected": "it hung up without an answer",
    "incompleteread": "the answer broke off",
    "name or service not known": "its host name is not known here",
    "temporary failure in name resolution": "its host name is not known here",
}


def _kind(error: BaseException) -> str:
    """The innermost cause in words and without addresses, as "connection refused"."""
    seen: BaseException = error
    while True:
        inner = getattr(seen, "reason", None) or seen.__cause__ or (seen.args[-1] if seen.args else None)
        if not isinstance(inner, BaseException):
            break
        seen = inner
    said = str(getattr(seen, "strerror", None) or type(seen).__name__).lower()
    return _KINDS.get(said, said)
