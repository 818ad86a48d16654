"""What a monitor is answered, over real sockets, and what a client cannot do."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from litwatch.errors import ConfigError
from litwatch.service.redaction import hide
from litwatch.web.probes import AT_ONCE, METRICS_AT_ONCE, Probes


class Service:
    """What is probed; a test changes how it fares."""

    def __init__(self) -> None:
        self.alive: tuple[bool, str] = (True, "")
        self.ready: tuple[bool, dict[str, str]] = (True, {})
        self.metrics: Callable[[], bytes] = lambda: b"litwatch_papers 3\n"


@pytest.fixture
def service() -> Service:
    return Service()


def start(service: Service, listen: str = "127.0.0.1:0", seconds: float = 5.0) -> Probes:
    probes = Probes(
        listen,
        healthz=lambda: service.alive,
        readyz=lambda: service.ready,
        metrics=lambda: service.metrics(),
        seconds=seconds,
    )
    probes.start()
    return probes


@pytest.fixture
def probes(service: Service) -> Iterator[Probes]:
    started = start(service)
    yield started
    started.close()


def ask(probes: Probes, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(probes.address, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def talk(probes: Probes, request: bytes) -> bytes:
    """All that comes back to these bytes until the server ends the connection."""
    host, _, port = probes.address.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as client:
        client.sendall(request)
        answer = b""
        while piece := client.recv(4096):
            answer += piece
        return answer


# --- what it answers -----------------------------------------------------------------------------------------


def test_a_service_that_is_well_is_told_as_200(probes: Probes) -> None:
    for path in ("/healthz", "/readyz"):
        status, body, headers = ask(probes, path)
        assert (status, json.loads(body)) == (200, {"ok": True, "checks": {}})
        assert headers["content-type"] == "application/json"


def test_trouble_is_told_as_503_with_what_it_is(probes: Probes, service: Service) -> None:
    service.alive = (False, "no beat came for 61 s")
    service.ready = (False, {"store": "cannot be reached"})
    status, body, _ = ask(probes, "/healthz")
    assert (status, json.loads(body)) == (503, {"ok": False, "checks": {"says": "no beat came for 61 s"}})
    status, body, _ = ask(probes, "/readyz")
    assert (status, json.loads(body)) == (503, {"ok": False, "checks": {"store": "cannot be reached"}})


def test_metrics_are_text_of_prometheus(probes: Probes) -> None:
    status, body, headers = ask(probes, "/metrics?name=ignored")
    assert (status, body) == (200, b"litwatch_papers 3\n")
    assert headers["content-type"].startswith("text/plain; version=0.0.4")


def test_head_is_answered_without_a_body(probes: Probes) -> None:
    answer = talk(probes, b"HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    assert b"Content-Length: 18" in head
    assert body == b""


@pytest.mark.parametrize("path", ["/", "/metrics/", "/healthz/../metrics", "//metrics", "/%6detrics", "/favicon.ico"])
def test_there_is_nothing_else(probes: Probes, path: str) -> None:
    assert ask(probes, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_nothing_but_reading_is_allowed(probes: Probes, method: str) -> None:
    status, _, headers = ask(probes, "/metrics", method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_body_that_nobody_wants_does_not_cost_the_answer(probes: Probes) -> None:
    answer = talk(probes, b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000)
    assert answer.startswith(b"HTTP/1.1 405 ")


def test_answers_tell_a_browser_to_do_nothing_with_them_and_name_no_server(probes: Probes) -> None:
    for path in ("/healthz", "/metrics", "/nothing"):
        _, _, headers = ask(probes, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers


def test_a_check_that_breaks_is_a_500_without_its_reason(probes: Probes, service: Service) -> None:
    def break_down() -> bytes:
        raise RuntimeError("hunter22")

    service.metrics = break_down
    status, body, _ = ask(probes, "/metrics")
    assert (status, json.loads(body)) == (500, {"ok": False, "error": "Internal Server Error"})
    service.metrics = lambda: b""
    assert ask(probes, "/metrics")[0] == 200


def test_no_secret_is_answered(probes: Probes, service: Service) -> None:
    hide(["hunter22-of-probes"])
    service.ready = (False, {"store": "refuses hunter22-of-probes"})
    assert json.loads(ask(probes, "/readyz")[1])["checks"] == {"store": "refuses ***"}


# --- who may ask ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9477", "127.0.0.1", "127.0.0.1:80", "[::1]:9477"])
def test_names_of_this_machine_are_answered(probes: Probes, host: str) -> None:
    assert ask(probes, "/healthz", Host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:9477", "127.0.0.1@evil.example", ""]
)
def test_a_page_elsewhere_whose_name_leads_here_is_refused(probes: Probes, host: str) -> None:
    status, body, _ = ask(probes, "/metrics", Host=host)
    assert (status, b"litwatch_papers" in body) == (403, False)


@pytest.mark.parametrize("hosts", [b"", b"Host: localhost\r\nHost: evil.example\r\n"])
def test_no_host_or_two_of_them_are_refused(probes: Probes, hosts: bytes) -> None:
    assert talk(probes, b"GET /metrics HTTP/1.1\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 403 ")


# --- what a client can hold ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\r\n\r\n", b"400"),
        (b"GET /metrics\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/2.0\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /\xff\xfe\x1b[2J HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 3000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
    ],
    ids=["empty", "no version", "other version", "raw bytes", "long line", "long head", "whole address"],
)
def test_a_request_that_is_none_is_refused(probes: Probes, request_bytes: bytes, status: bytes) -> None:
    assert talk(probes, request_bytes).startswith(b"HTTP/1.1 " + status)
    assert ask(probes, "/healthz")[0] == 200


@pytest.mark.parametrize("said", [b"", b"GET /healthz HT"])
def test_a_client_that_does_not_ask_in_time_is_cut_off(service: Service, said: bytes) -> None:
    probes = start(service, seconds=0.2)
    try:
        assert talk(probes, said) == b""
    finally:
        probes.close()


def test_one_byte_after_the_other_buys_no_more_time(service: Service) -> None:
    probes = start(service, seconds=0.3)
    host, _, port = probes.address.rpartition(":")
    go_on = threading.Event()
    with socket.create_connection((host, int(port)), timeout=10) as client:

        def drip() -> None:
            while not go_on.wait(0.02):
                try:
                    client.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            answer = client.recv(10)
        except ConnectionResetError:
            answer = b""
        go_on.set()
        dripping.join()
    probes.close()
    assert answer == b""


def test_so_many_clients_are_heard_at_once_and_no_more(probes: Probes) -> None:
    host, _, port = probes.address.rpartition(":")
    silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(AT_ONCE)]
    try:
        assert talk(probes, b"") == b"", "sent away at once"
        silent.pop().close()
        answers = (talk_or_nothing(probes) for _ in range(1000))
        assert any(answer.startswith(b"HTTP/1.1 200 ") for answer in answers), "the place that is free is given"
    finally:
        for client in silent:
            client.close()


def talk_or_nothing(probes: Probes) -> bytes:
    try:
        return talk(probes, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    except OSError:
        return b""


def test_figures_that_do_not_come_leave_places_for_who_asks_whether_it_lives(probes: Probes, service: Service) -> None:
    come, begun = threading.Event(), threading.Semaphore(0)

    def hang() -> bytes:
        begun.release()
        come.wait(30)
        return b"litwatch_papers 3\n"

    service.metrics = hang
    answers: list[int] = []
    asking = [threading.Thread(target=lambda: answers.append(ask(probes, "/metrics")[0])) for _ in range(AT_ONCE)]
    try:
        for number, thread in enumerate(asking):
            thread.start()
            if number < METRICS_AT_ONCE:
                assert begun.acquire(timeout=10)
            else:
                thread.join(10)
        assert answers == [503] * (AT_ONCE - METRICS_AT_ONCE), "sent away at once"
        for path in ("/healthz", "/readyz"):
            assert ask(probes, path)[0] == 200
    finally:
        come.set()
        for thread in asking:
            thread.join(10)
    assert sorted(answers) == [200] * METRICS_AT_ONCE + [503] * (AT_ONCE - METRICS_AT_ONCE)
    assert ask(probes, "/metrics")[0] == 200


# --- listening -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listen", ["localhost:0", "127.0.0.2:0", "[::1]:0"])
def test_any_loopback_address_will_do(service: Service, listen: str) -> None:
    try:
        probes = start(service, listen)
    except ConfigError:
        pytest.skip(f"this machine has no {listen}")
    try:
        assert ask(probes, "/healthz")[0] == 200
    finally:
        probes.close()


def test_a_place_that_is_taken_is_said_in_one_line_with_its_key(service: Service, probes: Probes) -> None:
    with pytest.raises(ConfigError) as trouble:
        start(service, probes.address)
    text = str(trouble.value)
    assert text.startswith(f"service.listen: nothing can be answered at {probes.address} (address already in use)")
    assert "\n" not in text


def test_closing_cuts_clients_off_and_frees_the_place(service: Service) -> None:
    probes = start(service)
    address = probes.address
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        ask(probes, "/healthz")
        probes.close()
        try:
            rest = client.recv(10)
        except ConnectionResetError:
            rest = b""
    assert rest == b""
    again = start(service, address)
    again.close()
