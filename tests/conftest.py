"""What tests share: the project's records where they are at hand, small real servers, and litwatch in a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

SHARED = Path(__file__).parents[1] / ".." / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "arxiv").is_dir():
        pytest.skip("needs the project's shared records, which are not beside this clone")
    return SHARED.resolve()


class ArxivSim:
    """The local stand-in for arXiv, on a stream of records."""

    def __init__(self, script: Path, corpus: Path, now: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(script), "--corpus", str(corpus), "--now", now, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    @property
    def api(self) -> str:
        return f"{self.url}/api/query"

    def clock(self, now: str) -> None:
        requests.get(f"{self.url}/sim/clock", params={"now": now}, timeout=10).raise_for_status()

    def faults(self, *faults: dict[str, Any]) -> None:
        requests.post(f"{self.url}/sim/faults", data=json.dumps(faults), timeout=10).raise_for_status()

    def revise(self, *changes: dict[str, Any]) -> None:
        requests.post(f"{self.url}/sim/revise", data=json.dumps(changes), timeout=10).raise_for_status()

    def stats(self) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(f"{self.url}/sim/stats", params={"reset": "1"}, timeout=10).json()
        return answer

    def visible(self) -> set[str]:
        return set(requests.get(f"{self.url}/sim/visible", timeout=30).text.split())

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def arxivsim(shared: Path) -> Iterator[Callable[..., ArxivSim]]:
    """Starts simulators: arxivsim(corpus, now, *options)."""
    started: list[ArxivSim] = []

    def start(corpus: Path, now: str, *options: str) -> ArxivSim:
        started.append(ArxivSim(shared / "arxivsim" / "arxivsim.py", corpus, now, *options))
        return started[-1]

    yield start
    for sim in started:
        sim.close()


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Litwatch:
    """litwatch in a folder of its own: each call is a command, in this process."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.env: dict[str, str] = {}

    def __call__(self, *words: str, now: str = "2025-11-20T12:00:00Z") -> Answer:
        from litwatch.cli.main import main

        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["litwatch", *words])
            for name in [name for name in os.environ if name.startswith("LITWATCH_")]:
                patch.delenv(name)
            patch.setenv("LITWATCH_NOW", now)
            for name, value in self.env.items():
                patch.setenv(name, value)
            self._capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            said = self._capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    def configure(self, text: str) -> None:
        (self.folder / "litwatch.toml").write_text(text, encoding="utf-8")
        (self.folder / "watchlists").mkdir(exist_ok=True)


@pytest.fixture
def litwatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Litwatch:
    return Litwatch(tmp_path, monkeypatch, capsys)
