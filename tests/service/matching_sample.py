"""Invented lines and papers, and a ranker and judge that fail where a test wants them to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from litwatch.judge.base import Odds
from litwatch.model import Claim, Evidence, Line, Match, Paper, Stance
from litwatch.rank.background import Background
from litwatch.rank.feedback import Leaning
from litwatch.rank.ranker import Ranker, Wanted
from litwatch.service.judging import judge_once
from litwatch.service.matching import rank_once, sync
from litwatch.store.papers import save_papers
from litwatch.store.store import Store

NOW = datetime(2025, 11, 20, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def lines(count: int, claims: int = 2) -> tuple[Line, ...]:
    return tuple(
        Line(
            slug=f"line-{number}",
            question=f"Does tide {number} warm?",
            claims=tuple(Claim(id=f"c{n}", text=f"Tide {number} warms harbour {n}.") for n in range(1, claims + 1)),
        )
        for number in range(count)
    )


def papers(count: int, *, version: int = 1) -> list[Paper]:
    return [
        Paper(
            arxiv_id=f"2511.{number:05}",
            version=version,
            title=f"Harbour {number}",
            abstract="Tides warm a harbour.",
            comment="invented",
            published=NOW,
            updated=NOW,
        )
        for number in range(count)
    ]


class EveryMatch(Ranker):
    """Every paper matches every line, with all of its claims. `fails` says of which it cannot."""

    def __init__(self, fails: Callable[[Line, Paper], bool] = lambda *_: False) -> None:
        super().__init__(Background(version="sample", papers=1, mean_length=1.0, frequencies={}))
        self.fails = fails
        self.calls = 0
        self.ranked: Counter[tuple[str, str]] = Counter()
        """(line, arXiv id) of what was ranked without failing."""
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while it ranks."""

    def rank(
        self,
        lines: Sequence[Line],
        papers: Sequence[Paper],
        *,
        anchors: Mapping[str, Paper] | None = None,
        floor: float | None = None,
        wanted: Wanted | None = None,
        leanings: Mapping[str, Leaning] | None = None,
    ) -> list[Match]:
        self.calls += 1
        self.meanwhile()
        pairs = [(line, paper) for line in lines for paper in papers]
        for line, paper in pairs:
            if self.fails(line, paper):
                raise TypeError(f"cannot rank {paper.arxiv_id}\nfor {line.slug}")
        self.ranked.update((line.slug, paper.arxiv_id) for line, paper in pairs)
        return [
            Match(
                line=line.slug,
                arxiv_id=paper.arxiv_id,
                version=paper.version,
                score=0.5,
                claim="",
                claim_scores=tuple((claim.id, 0.5) for claim in line.open_claims),
            )
            for line, paper in pairs
        ]


class AllSupport:
    """Every paper supports every claim. `fails` says of which it cannot tell."""

    threshold = 0.5
    at_once = 4000

    def __init__(self, fails: Callable[[Claim, Paper], bool] = lambda *_: False) -> None:
        self.method = "sample/1"
        self.fails = fails
        self.calls = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while it judges."""

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        self.calls += 1
        self.meanwhile()
        for claim, paper in pairs:
            if self.fails(claim, paper):
                raise ZeroDivisionError(f"cannot judge {claim.text} by {paper.arxiv_id}")
        return tuple(
            Evidence(
                stance=Stance.SUPPORTS,
                probability=0.9,
                challenge=0.0,
                sentence="Tides warm a harbour.",
                method=self.method,
            )
            for _ in pairs
        )

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        raise NotImplementedError


def keep(store: Store, batch: Sequence[Paper]) -> None:
    with store.write() as db:
        save_papers(db, batch, now=NOW)


def rank_all(store: Store, watched: Sequence[Line], ranker: Ranker, *, now: datetime = NOW) -> None:
    """Ends, or the test does not."""
    sync(store, watched, ranker, now=now)
    while rank_once(store, watched, ranker, now=now):
        pass


def judge_all(store: Store, watched: Sequence[Line], judge: AllSupport, *, now: datetime = NOW) -> None:
    while judge_once(store, watched, judge, now=now):
        pass
