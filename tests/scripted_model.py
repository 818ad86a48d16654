"""A stand-in for a language model on loopback: it answers as it is told to, also wrongly, slowly or with malice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Say:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Iterator[bytes] | None = None
    """Sent one by one instead of the body, without a length."""
    pause: float = 0.0
    """Seconds before each piece."""
    after: threading.Event | None = None
    """Waited for before anything is said."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """What it was asked about."""
        read: dict[str, Any] = json.loads(self.body["messages"][1]["content"])
        return read


def completion(content: str | None, usage: Any = "counted") -> Say:
    """usage: "counted" for a plausible one, None for none."""
    answer: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "sample",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
    }
    if usage is not None:
        counted = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
        answer["usage"] = counted if usage == "counted" else usage
    return Say(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})


def opinion(asked: Asked, **changes: Any) -> str:
    """An answer of the right form: that the last sentence of the abstract contradicts the claim."""
    paper = asked.data["paper"]
    said = {
        "arxiv_id": paper["arxiv_id"],
        "stance": "contradicts",
        "probability": 0.8,
        "sentence": paper["abstract"].rpartition(". ")[2],
        "reason": "It found the reverse.",
    }
    return json.dumps(said | changes)


def refusal(status: int, **error: Any) -> Say:
    body = json.dumps({"error": {"message": "no", "type": None, "param": None, "code": None} | error}).encode()
    return Say(status=status, body=body, headers={"Content-Type": "application/json"})


class ScriptedModel(ThreadingHTTPServer):
    """script: what is said to one request after the other, each a Say or a function of what was asked; then `answer`
    is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.taken: list[Asked] = []
        self.script: list[Say | Callable[[Asked], Say]] = []
        self.answer: Callable[[Asked], Say] = lambda asked: completion(opinion(asked))
        self.models = ["sample"]
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what some tests want."""


class _Hook(BaseHTTPRequestHandler):
    server: ScriptedModel

    def do_GET(self) -> None:
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.models]}
        self._say(Say(body=json.dumps(listed).encode(), headers={"Content-Type": "application/json"}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(path=self.path, headers={k.lower(): v for k, v in self.headers.items()}, body=body)
        self.server.taken.append(asked)
        says: Any = self.server.script.pop(0) if self.server.script else self.server.answer
        self._say(says if isinstance(says, Say) else says(asked))

    def _say(self, says: Say) -> None:
        if says.after:
            says.after.wait(60)
        self.send_response(says.status)
        for name, value in says.headers.items():
            self.send_header(name, value)
        if says.pieces is None:
            self.send_header("Content-Length", str(len(says.body)))
        self.end_headers()
        with suppress(OSError):
            for piece in says.pieces or [says.body]:
                if says.pause and self.server.closing.wait(says.pause):
                    return
                self.wfile.write(piece)
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass
