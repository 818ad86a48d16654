"""Real answers of arXiv through the code that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from litwatch.errors import HarvestError
from litwatch.harvest.api import SearchApi
from litwatch.harvest.session import BoundedSession, check_feed


class OpenGate:
    """Lets everybody through at once."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield

    def pause(self, seconds: float) -> None:
        pass


class Replay(ThreadingHTTPServer):
    """Answers every request with the same recorded body."""

    def __init__(self, body: bytes, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Replaying)
        self.body, self.status = body, status
        Thread(target=self.serve_forever, daemon=True).start()


class _Replaying(BaseHTTPRequestHandler):
    server: Replay

    def do_GET(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def replayed(path: Path, status: int = 200) -> Iterator[SearchApi]:
    server = Replay(path.read_bytes(), status)
    session = BoundedSession(OpenGate(), timeout=5, delay=0, sleep=lambda _: None)
    try:
        yield SearchApi(f"http://127.0.0.1:{server.server_port}/api/query", session)
    finally:
        session.close()
        server.shutdown()
        server.server_close()


def one(folder: Path, beginning: str) -> Path:
    return next(path for path in sorted(folder.glob("api_*.xml")) if path.name.startswith(beginning))


def test_every_recorded_page_is_taken_as_whole_with_what_it_was_asked(shared: Path) -> None:
    pages = list((shared / "arxiv" / "recordings").glob("api_q_*.xml"))
    assert len(pages) >= 10
    for path in pages:
        start, size = re.findall(r"_s(\d+)_m(\d+)_", path.name)[0]
        declared = check_feed(path.read_bytes(), f"http://x/?start={start}&max_results={size}")
        assert declared > int(start)
        with pytest.raises(HarvestError, match="were due"):
            check_feed(path.read_bytes(), f"http://x/?start={start}&max_results={int(size) + 7}")


@pytest.mark.parametrize(
    ("recording", "arxiv_id"),
    [
        ("api_id_astro-ph_0601001", "astro-ph/0601001"),
        ("api_id_quant-ph_0201082v1", "quant-ph/0201082"),
        ("api_id_1605.08386", "1605.08386"),
        ("api_id_2104.12255v1", "2104.12255"),
    ],
)
def test_ids_of_every_age_are_read(shared: Path, recording: str, arxiv_id: str) -> None:
    with replayed(one(shared / "arxiv" / "recordings", recording)) as api:
        (paper,) = api.by_id([arxiv_id])
    assert paper.arxiv_id == arxiv_id
    assert paper.published.tzinfo is not None
    assert paper.title
    assert paper.abstract == " ".join(paper.abstract.split())


def test_a_paper_titled_0_keeps_its_title(shared: Path) -> None:
    with replayed(one(shared / "arxiv" / "recordings", "api_id_2104.12255v1")) as api:
        assert api.by_id(["2104.12255"])[0].title == "0"


def test_an_id_that_does_not_exist_has_no_paper(shared: Path) -> None:
    with replayed(one(shared / "arxiv" / "recordings", "api_id_0000.0000")) as api:
        assert api.by_id(["0704.9999"]) == []


def test_an_ill_formed_id_is_refused_in_arxivs_words(shared: Path) -> None:
    with (
        replayed(one(shared / "arxiv" / "recordings", "api_id_abc"), status=400) as api,
        pytest.raises(HarvestError, match="refuses the query: incorrect id format"),
    ):
        api.by_id(["abc"])


ENTRY = (
    "<entry><id>http://arxiv.org/abs/2511.90001v1</id><title>T</title><summary>{abstract}</summary>"
    "<published>2025-11-03T00:00:00Z</published><updated>2025-11-03T00:00:00Z</updated>{rest}</entry>"
)
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><opensearch:totalResults>1</opensearch:totalResults>'
    "{entry}</feed>"
)


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        ("This paper has been withdrawn by the author", "A. B.", True),
        ("Withdrawn: an error in section 3", "A. B.", True),
        ("", "This paper has been withdrawn.", True),
        ("12 pages, 3 figures", "We study how often consent is withdrawn by patients.", False),
        ("", "The offer was withdrawn by the buyer.", False),
    ],
)
def test_a_withdrawal_is_known_by_its_comment_not_by_its_subject(
    tmp_path: Path, comment: str, abstract: str, withdrawn: bool
) -> None:
    path = tmp_path / "feed.xml"
    rest = f"<arxiv:comment>{comment}</arxiv:comment>" if comment else ""
    path.write_text(FEED.format(entry=ENTRY.format(abstract=abstract, rest=rest)))
    with replayed(path) as api:
        assert api.by_id(["2511.90001"])[0].withdrawn is withdrawn


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    head = f'<!DOCTYPE feed [<!ENTITY x SYSTEM "file://{secret}">]>'
    path.write_text(head + FEED.format(entry=ENTRY.format(abstract="&x;", rest="")))
    with replayed(path) as api:
        assert "geheim" not in str(api.by_id(["2511.90001"]))
