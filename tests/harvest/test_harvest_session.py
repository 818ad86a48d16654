"""The one way out to arXiv: what it asks again, what it gives up, and what it tells the breaker."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from answering import Answer, NotingBreaker, OpenGate, answering, bounded
from litwatch.errors import HarvestError
from litwatch.harvest.feeds import RefusedError, TransientError
from litwatch.harvest.session import BoundedSession, Service

GOOD = Answer(body=b"whole")
BUSY = Answer(status=503)


def whole(body: bytes) -> None:
    if body != b"whole":
        raise TransientError("arXiv sent half")


def fetch(session: BoundedSession, url: str, service: Service = Service.OAI) -> bytes:
    return session.fetch(url, service=service, check=whole)


@pytest.mark.parametrize("service", Service)
def test_a_whole_answer_is_handed_on_and_counted_for_its_service(service: Service) -> None:
    breaker = NotingBreaker()
    with answering(GOOD) as server, bounded(breaker=breaker) as session:
        assert fetch(session, server.url, service) == b"whole"
        assert (session.asked, session.asked_of) == (1, {service: 1})
        assert session.said_at, "the clock is checked against it"
        assert server.agents == [session.agent]
    assert breaker.told == [(service, "")]


def test_requests_of_all_services_are_counted_together() -> None:
    with answering(GOOD) as server, bounded() as session:
        for service in (Service.OAI, Service.RSS, Service.OAI):
            fetch(session, server.url, service)
        assert (session.asked, session.asked_of) == (3, {Service.OAI: 2, Service.RSS: 1})


def test_every_request_is_a_sign_of_life_before_its_turn_and_when_it_came() -> None:
    signs: list[tuple[int, int]] = []
    with answering(BUSY, GOOD, GOOD) as server, bounded() as session:
        session.on_request = lambda: signs.append((session.asked, len(server.paths)))
        fetch(session, server.url)
        fetch(session, server.url)
    assert signs == [(0, 0), (0, 0), (1, 1), (1, 1), (2, 2), (2, 2)]


def test_each_failure_is_told_to_the_breaker_and_so_is_the_success_after_it() -> None:
    breaker = NotingBreaker()
    with answering(BUSY, Answer(body=b"ha"), GOOD) as server, bounded(breaker=breaker) as session:
        fetch(session, server.url)
    assert breaker.told == [
        (Service.OAI, "arXiv's OAI-PMH service answers 503"),
        (Service.OAI, "arXiv sent half"),
        (Service.OAI, ""),
    ]


def test_a_service_that_the_breaker_refuses_is_not_asked() -> None:
    breaker = NotingBreaker(refuses="it failed 5 times; asked again at 14:00")
    with answering(GOOD) as server, bounded(breaker=breaker) as session:
        with pytest.raises(
            HarvestError, match="arXiv's RSS feed is not asked: it failed 5 times; asked again at 14:00"
        ):
            fetch(session, server.url, Service.RSS)
        assert (server.paths, session.asked, breaker.told) == ([], 0, [])


def test_a_probe_is_sent_once_only() -> None:
    with answering(BUSY, GOOD) as server, bounded(breaker=NotingBreaker(probes=True)) as session:
        with pytest.raises(HarvestError, match=r"service answers 503$"):
            fetch(session, server.url)
        assert len(server.paths) == 1
        assert fetch(session, server.url) == b"whole"


def test_a_breaker_that_opens_between_tries_ends_them_with_the_trouble_itself() -> None:
    with answering(BUSY) as server, bounded(breaker=NotingBreaker(opens_after=2)) as session:
        with pytest.raises(HarvestError, match="answers 503, 2 times in a row"):
            fetch(session, server.url)
        assert len(server.paths) == 2


def test_a_question_that_arxiv_refuses_is_no_failure_of_the_service() -> None:
    breaker = NotingBreaker()

    def refuse(body: bytes) -> None:
        raise RefusedError("arXiv refuses this")

    with answering(Answer(status=400), GOOD) as server, bounded(breaker=breaker) as session:
        with pytest.raises(HarvestError, match="refuses the query: bad request"):
            session.get(server.url)
        with pytest.raises(HarvestError, match="refuses this"):
            session.fetch(server.url, service=Service.OAI, check=refuse)
        assert len(server.paths) == 2
    assert breaker.told == []


class ShutGate(OpenGate):
    def turn(self) -> object:  # type: ignore[override]
        raise HarvestError("arXiv may not be asked for another 60 s")


def test_a_turn_that_does_not_come_is_no_failure_of_the_service() -> None:
    breaker = NotingBreaker()
    with bounded(gate=ShutGate(), breaker=breaker) as session:
        with pytest.raises(HarvestError, match="another 60 s"):
            fetch(session, "http://127.0.0.1:1/")
        assert session.asked == 0
    assert breaker.told == []


@pytest.mark.parametrize(
    ("service", "says"),
    [
        (Service.API, r"arXiv's search API answers 403; check arxiv\.api_url"),
        (Service.OAI, r"arXiv's OAI-PMH service answers 403; check arxiv\.oai_url"),
        (Service.RSS, r"arXiv's RSS feed answers 403; check arxiv\.rss_url"),
    ],
)
def test_an_answer_that_a_setting_may_cause_names_that_setting(service: Service, says: str) -> None:
    breaker = NotingBreaker()
    with answering(Answer(status=403)) as server, bounded(breaker=breaker) as session:
        with pytest.raises(HarvestError, match=says):
            fetch(session, server.url, service)
        assert (len(server.paths), len(breaker.told)) == (1, 1)


def test_a_circle_of_redirects_names_its_setting() -> None:
    with answering(Answer(status=302, headers=(("Location", "/again"),))) as server, bounded() as session:
        with pytest.raises(HarvestError, match=r"redirects in a circle; check arxiv\.oai_url"):
            fetch(session, server.url)
        assert session.asked == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (BUSY, "answers 503"),
        (Answer(body=b"half"), "arXiv sent half"),
        (Answer(body=b"whole", promised=99), "the answer broke off"),
    ],
)
def test_what_passes_is_asked_again_and_what_stays_is_given_up(answer: Answer, says: str) -> None:
    with answering(answer, answer, GOOD) as server, bounded() as session:
        assert fetch(session, server.url) == b"whole"
    with answering(answer) as server, bounded() as session:
        with pytest.raises(HarvestError, match=f"{says}.*, 3 times in a row"):
            fetch(session, server.url)
        assert len(server.paths) == 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [(Answer(hang=True), "gave no answer within"), (Answer(body=b"who", promised=5, hang=True), "fell silent for")],
)
def test_a_service_that_hangs_is_asked_twice(answer: Answer, says: str) -> None:
    with answering(answer) as server, bounded(timeout=0.2) as session:
        with pytest.raises(HarvestError, match=rf"OAI-PMH service {says} 0\.2 s, 2 times in a row"):
            fetch(session, server.url)
        assert len(server.paths) == 2


def test_a_service_that_nobody_runs_is_told_without_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with bounded() as session, pytest.raises(HarvestError) as told:
        fetch(session, f"http://reader:secret@127.0.0.1:{port}/oai")
    assert "connection refused" in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("wait", "tries", "says"),
    [("1", 3, "answers 429, 3 times in a row"), ("3600", 1, "asks us to wait 3600 s; the next poll asks again")],
)
def test_the_pause_that_arxiv_asks_for_is_kept_at_the_gate_alone(wait: str, tries: int, says: str) -> None:
    gate = OpenGate()
    slept: list[float] = []
    with (
        answering(Answer(status=429, headers=(("Retry-After", wait),))) as server,
        BoundedSession(gate, timeout=5, delay=0, sleep=slept.append) as session,
    ):
        with pytest.raises(HarvestError, match=says) as told:
            fetch(session, server.url)
        assert len(server.paths) == tries
    assert gate.pauses == [float(wait)] * tries
    assert slept == []
    assert told.value.retry_after == float(wait)


def test_tries_stand_further_apart_each_time() -> None:
    slept: list[float] = []
    noted: Callable[[float], None] = slept.append
    with (
        answering(BUSY) as server,
        BoundedSession(OpenGate(), timeout=5, delay=3, sleep=noted) as session,
        pytest.raises(HarvestError),
    ):
        fetch(session, server.url)
    first, second = slept
    assert 1.5 <= first <= 3 <= second <= 6


def test_the_reader_of_arxivs_logs_learns_who_asks() -> None:
    with BoundedSession(OpenGate(), timeout=5, delay=0, contact="me@example.org") as session:
        assert "litwatch/" in session.agent
        assert "mailto:me@example.org" in session.agent
