"""The one way out to arXiv: bounded, polite, and suspicious of what comes back.

A client of its own waits for ever on a stalled server and hammers a broken one. Here each answer is read within
a deadline and a size, checked whole before it is handed on, and asked for again at most twice; each request
takes its turn at the gate that all processes share, and a service that keeps failing is left alone for a while.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

import requests
from urllib3.exceptions import ReadTimeoutError

from litwatch import __version__
from litwatch.errors import HarvestError
from litwatch.harvest.feeds import RefusedError, TransientError, check_feed, error_summary, mail_moment

_MOST_BYTES = 64 * 1024 * 1024
_ATTEMPTS = 3
_LONGEST_PAUSE = 24 * 3600.0
"""Seconds that a Retry-After may ask for: the gate takes what is longer for a clock's error."""
_LONGEST_WAIT = 120.0
"""Seconds that one poll waits for a Retry-After before it leaves the question to the next poll."""


class Service(StrEnum):
    """One of the ways to ask arXiv. They share its rate limit, and fail apart from each other."""

    API = "api"
    OAI = "oai"
    RSS = "rss"

    @property
    def sender(self) -> str:
        """The service in words, as a sentence about it begins."""
        return _SENDERS[self]

    @property
    def key(self) -> str:
        """The setting that holds its address."""
        return f"arxiv.{self}_url"


_SENDERS = {
    Service.API: "arXiv's search API",
    Service.OAI: "arXiv's OAI-PMH service",
    Service.RSS: "arXiv's RSS feed",
}


class Gate(Protocol):
    """Says when the next request may go out."""

    def turn(self) -> AbstractContextManager[None]: ...

    def pause(self, seconds: float) -> None: ...


class Breaker(Protocol):
    """Remembers which service keeps failing, and says whether it may be asked."""

    def refusal(self, service: Service) -> str:
        """Why the service may not be asked now, in words; "" when it may."""
        ...

    def probing(self, service: Service) -> bool:
        """Whether it failed so often that it is asked once only, without a second try."""
        ...

    def failed(self, service: Service, reason: str) -> None:
        """A request failed. A question that arXiv refuses as wrong is no failure."""
        ...

    def succeeded(self, service: Service) -> None:
        """A request brought a whole answer."""
        ...


class ClosedBreaker:
    """Lets every request through and remembers nothing."""

    def refusal(self, service: Service) -> str:
        return ""

    def probing(self, service: Service) -> bool:
        return False

    def failed(self, service: Service, reason: str) -> None:
        pass

    def succeeded(self, service: Service) -> None:
        pass


class BoundedSession(requests.Session):
    """A requests session whose `fetch` returns whole, checked bodies or raises HarvestError.

    timeout: seconds to connect, to wait for an answer, and for the whole body. Transient troubles are asked
    again, twice at most (a timeout once, a probe never), with exponential back-off and full jitter, or when
    arXiv says.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        timeout: float,
        delay: float,
        contact: str = "",
        breaker: Breaker | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._gate = gate
        self._breaker = breaker or ClosedBreaker()
        self._timeout = timeout
        self._backoff = max(delay, 0.5)
        self._sleep = sleep
        who = f"; mailto:{contact}" if contact else ""
        self.agent = f"litwatch/{__version__} (literature alerts{who})"
        self.asked_of: Counter[Service] = Counter()
        """Requests sent so far, by service."""
        self.declared = 0
        """totalResults of the last search feed."""
        self.on_request: Callable[[], None] = lambda: None
        """Called before the turn for each request is waited for, and when it came."""
        self.said_at = ""
        """The Date header of the last answer."""
        self.max_redirects = 5

    @property
    def asked(self) -> int:
        """Requests sent so far."""
        return self.asked_of.total()

    def fetch(self, url: str, *, service: Service, check: Callable[[bytes], None]) -> bytes:
        """The body of an answer that `check` took for whole.

        check: raises TransientError for a body worth asking for again, RefusedError for arXiv's word that the
        question is wrong, any other HarvestError for a body that is no use. HarvestError without a request where
        the breaker or the gate lets none through.
        """
        return self._answer(url, service, check).content

    def get(self, url: str | bytes, **_: Any) -> requests.Response:  # type: ignore[override]
        """A whole search feed for arxiv.Client. `url` carries start and max_results, as it writes them."""
        address = url.decode() if isinstance(url, bytes) else url

        def check(body: bytes) -> None:
            self.declared = check_feed(body, address, sender=Service.API.sender)

        return self._answer(address, Service.API, check)

    def _answer(self, url: str, service: Service, check: Callable[[bytes], None]) -> requests.Response:
        if refusal := self._breaker.refusal(service):
            raise HarvestError(f"{service.sender} is not asked: {refusal}")
        most = 1 if self._breaker.probing(service) else _ATTEMPTS
        for attempt in range(1, most + 1):
            try:
                return self._try(url, service, check)
            except TransientError as trouble:
                if (trouble.retry_after or 0) > _LONGEST_WAIT:
                    raise HarvestError(
                        f"{trouble} and asks us to wait {trouble.retry_after:.0f} s; the next poll asks again",
                        retry_after=trouble.retry_after,
                    ) from trouble.__cause__
                # These failures may have been what makes the breaker refuse.
                if attempt == most or (trouble.slow and attempt > 1) or self._breaker.refusal(service):
                    said = f"{trouble}, {attempt} times in a row" if attempt > 1 else str(trouble)
                    raise HarvestError(said, retry_after=trouble.retry_after) from trouble.__cause__
                # A Retry-After is kept by the gate, for every process; here only our own back-off is.
                if trouble.retry_after is None:
                    self._sleep(random.uniform(0.5, 1.0) * self._backoff * 2 ** (attempt - 1))
        raise AssertionError("the loop returns or raises")

    def _try(self, url: str, service: Service, check: Callable[[bytes], None]) -> requests.Response:
        """One request, told to the breaker; a gate that lets none through is no failure of the service."""
        asked = self.asked
        try:
            response = self._ask(url, service)
            check(response.content)
        except RefusedError:
            raise
        except HarvestError as error:
            if self.asked > asked:
                self._breaker.failed(service, str(error))
            raise
        self._breaker.succeeded(service)
        return response

    def _ask(self, url: str, service: Service) -> requests.Response:
        who = service.sender
        self.on_request()
        with self._gate.turn():
            self.on_request()
            self.asked_of[service] += 1
            try:
                response = super().get(url, headers={"User-Agent": self.agent}, timeout=self._timeout, stream=True)
                with response:
                    body = self._read(response, service)
            except requests.Timeout as error:
                raise TransientError(f"{who} gave no answer within {self._timeout:g} s", slow=True) from error
            except requests.TooManyRedirects as error:
                raise HarvestError(f"{who} redirects in a circle; check {service.key}") from error
            except requests.ConnectionError as error:
                if isinstance(next(iter(error.args), None), ReadTimeoutError):  # within the body, requests says so
                    raise TransientError(f"{who} fell silent for {self._timeout:g} s", slow=True) from error
                raise TransientError(f"{who} cannot be reached or broke off ({_kind(error)})") from error
            except requests.RequestException as error:
                raise TransientError(f"{who} sent an answer that cannot be read ({_kind(error)})") from error
            self.said_at = response.headers.get("Date", "")
            if response.status_code != 200:
                retry_after = _retry_after(response)
                if retry_after is not None:
                    self._gate.pause(retry_after)
                raise _status_trouble(response.status_code, body, service, retry_after)
        return response

    def _read(self, response: requests.Response, service: Service) -> bytes:
        deadline = time.monotonic() + self._timeout
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_content(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_BYTES:
                raise HarvestError(f"{service.sender} sent more than {_MOST_BYTES >> 20} MB; check {service.key}")
            if time.monotonic() > deadline:
                raise TransientError(f"{service.sender} was not done answering within {self._timeout:g} s", slow=True)
        body = b"".join(pieces)
        response._content = body  # what arxiv.Client and we read next
        return body


def _status_trouble(status: int, body: bytes, service: Service, retry_after: float | None) -> HarvestError:
    if status == 400 and service is Service.API:
        return RefusedError(f"arXiv refuses the query: {error_summary(body) or 'bad request'}")
    if status in (408, 425, 429) or status >= 500:
        return TransientError(f"{service.sender} answers {status}", retry_after=retry_after)
    return HarvestError(f"{service.sender} answers {status}; check {service.key}")


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdecimal():
        return min(float(value), _LONGEST_PAUSE)
    moment = mail_moment(value)
    if moment is None:
        return None
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), _LONGEST_PAUSE)


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
