"""Judging what is stored: what has a verdict is asked again, wherever ranking put its paper since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litwatch.judge.cue_judge import CueJudge
from litwatch.model import Claim, Evidence, Line, Match, Paper, Stance
from litwatch.service.matching import count_challenges, judge_once
from litwatch.store.lines import sync_lines
from litwatch.store.matches import replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store
from litwatch.store.verdicts import add_verdicts, line_verdicts

NOW = datetime(2025, 11, 20, tzinfo=UTC)
LINE = Line(slug="here", question="Do tides warm?", claims=(Claim(id="c1", text="Tides warm a harbour."),))
PAPER = Paper(
    arxiv_id="2511.90001", title="Harbours", abstract="We count the boats of a harbour.", published=NOW, updated=NOW
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store where another method once said that the paper contradicts the claim, of which it no longer speaks."""
    store = open_store(f"sqlite:///{tmp_path}/judged.db")
    said = Evidence(
        stance=Stance.CONTRADICTS, probability=0.9, challenge=0.9, sentence="We count the boats.", method="old/1"
    )
    match = Match(line=LINE.slug, arxiv_id=PAPER.arxiv_id, version=1, score=0.3, claim="")
    with store.write() as db:
        save_papers(db, [PAPER], now=NOW)
        sync_lines(db, [LINE], {LINE.slug: "1"}, now=NOW)
        replace_matches(db, [LINE.slug], [PAPER.arxiv_id], [match], now=NOW)
        add_verdicts(db, LINE.slug, [(LINE.claims[0], PAPER, said)], now=NOW)
    yield store
    store.close()


def test_a_method_that_abstains_takes_back_what_another_said(store: Store) -> None:
    with store.read() as db:
        assert count_challenges(db, [LINE], 0.5) == {LINE.slug: 1}
    assert judge_once(store, [LINE], CueJudge(), now=NOW)
    assert not judge_once(store, [LINE], CueJudge(), now=NOW)
    with store.read() as db:
        verdicts = line_verdicts(db, LINE.slug, LINE.claims)
        assert [verdict.evidence.stance for verdict in verdicts] == [Stance.CONTRADICTS, Stance.NONE]
        assert count_challenges(db, [LINE], 0.5) == {}


def test_another_threshold_is_judged_with_once(store: Store) -> None:
    told = [judge_once(store, [LINE], CueJudge(threshold=threshold), now=NOW) for threshold in (0.5, 0.3, 0.3)]
    assert told == [True, True, False]
