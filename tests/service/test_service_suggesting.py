"""Papers and lines here are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from litwatch.errors import NotFoundError, PageError
from litwatch.lines.page import read_page
from litwatch.model import Anchor, Claim, Evidence, Line, Mark, Match, Paper, Review, Stance
from litwatch.rank.background import bundled
from litwatch.service.drafting import draft_page, write_draft
from litwatch.service.suggesting import COVERED, Kind, Suggestions, suggestions
from litwatch.store.lines import sync_lines
from litwatch.store.matches import add_mark, replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts

NOW = datetime(2025, 11, 20, tzinfo=UTC)
LINE = Line(
    slug="harbours",
    question="Do harbours warm?",
    claims=(Claim(id="c1", text="Harbours warm by a degree."), Claim(id="c2", text="Ice keeps a harbour cold.")),
)
TOPICS = (
    ("honeybee foraging", "waggle dance", "nectar flow"),
    ("kiln firing", "porcelain glaze", "stoneware pottery"),
    ("violin varnish", "bowed strings", "spruce resonance"),
)


def papers(each: int = 8) -> list[Paper]:
    found = []
    for number in range(each * len(TOPICS)):
        topic = TOPICS[number % len(TOPICS)]
        first, second, third = (topic[(number // 3 + shift) % 3] for shift in range(3))
        found.append(
            Paper(
                arxiv_id=f"2511.{number:05}",
                title=f"On {first} and {second} in harbour {number}",
                abstract=f"Harbours are warm. We find that {first} depends on {third}, number {number} of them.",
                published=NOW - timedelta(days=number),
                updated=NOW,
            )
        )
    return found


def match(paper: Paper, *, score: float = 0.3, claim_score: float = 0.0) -> Match:
    near = (("c1", claim_score),) if claim_score else ()
    claim = "c1" if claim_score else ""
    return Match(
        line=LINE.slug, arxiv_id=paper.arxiv_id, version=1, score=score, claim=claim, claim_scores=near, sentence=""
    )


def keep(store: Store, batch: list[Paper], found: list[Match], line: Line = LINE) -> None:
    with store.write() as db:
        save_papers(db, batch, now=NOW)
        sync_lines(db, [line], {line.slug: "made by hand"}, now=NOW)
        replace_matches(db, [line.slug], [paper.arxiv_id for paper in batch], found, now=NOW)


def suggested(store: Store, line: Line = LINE) -> Suggestions:
    return suggestions(store, line, bundled())


def members(told: Suggestions) -> set[str]:
    return {each.paper.arxiv_id for suggestion in told.found for each in suggestion.papers}


def test_what_no_claim_covers_comes_in_clusters_with_their_terms(store: Store) -> None:
    batch = papers()
    keep(store, batch, [match(paper) for paper in batch])
    told = suggested(store)
    assert (told.matches, told.uncovered, len(told.found)) == (24, 24, 3)
    said = [" ".join(suggestion.terms) for suggestion in told.found]
    assert all(any(topic[0] in each for each in said) for topic in TOPICS)
    assert [suggestion.number for suggestion in told.found] == [1, 2, 3]


def test_a_paper_on_which_a_claim_scores_is_covered_from_a_quarter_on(store: Store) -> None:
    batch = papers()
    scores = [COVERED if number < 3 else COVERED - 0.01 for number in range(len(batch))]
    keep(store, batch, [match(paper, claim_score=score) for paper, score in zip(batch, scores, strict=True)])
    told = suggested(store)
    assert told.uncovered == 21
    assert not members(told) & {paper.arxiv_id for paper in batch[:3]}
    assert {suggestion.near for suggestion in told.found} == {LINE.claims[0]}


def test_a_paper_with_a_verdict_that_counts_is_covered_and_one_that_was_rejected_is_not(store: Store) -> None:
    batch = papers()
    keep(store, batch, [match(paper) for paper in batch])
    evidence = Evidence(
        stance=Stance.SUPPORTS, probability=0.9, challenge=0.0, sentence="Harbours are warm.", method="sample/1"
    )
    with store.write() as db:
        add_verdicts(db, LINE.slug, [(LINE.claims[0], paper, evidence) for paper in batch[:2]], now=NOW)
        add_review(db, 2, Review.REJECTED, now=NOW)
    told = suggested(store)
    assert told.uncovered == 23
    assert batch[0].arxiv_id not in members(told)


def test_anchors_and_what_the_reader_does_not_want_and_withdrawn_papers_stay_out(store: Store) -> None:
    batch = papers()
    batch[2] = replace(batch[2], withdrawn=True)
    keep(store, batch, [match(paper) for paper in batch])
    with store.write() as db:
        add_mark(db, LINE.slug, batch[1].arxiv_id, Mark.NOT, now=NOW)
        add_mark(db, LINE.slug, batch[3].arxiv_id, Mark.USEFUL, now=NOW)
    told = suggested(store, replace(LINE, anchors=(Anchor(arxiv_id=batch[0].arxiv_id),)))
    assert told.uncovered == 21
    assert not members(told) & {paper.arxiv_id for paper in batch[:3]}


def test_a_cluster_that_a_claim_speaks_of_is_left_out(store: Store) -> None:
    batch = papers()
    keep(store, batch, [match(paper) for paper in batch])
    bees = Claim(id="c3", text="Honeybees forage by nectar flow and waggle dance.")
    told = suggested(store, replace(LINE, claims=(*LINE.claims, bees)))
    assert len(told.found) == 2
    assert not any("waggle dance" in suggestion.terms for suggestion in told.found)


def test_papers_that_match_better_come_first_and_so_does_their_cluster(store: Store) -> None:
    batch = papers()
    keep(store, batch, [match(paper, score=0.9 if number % 3 == 1 else 0.2) for number, paper in enumerate(batch)])
    best = suggested(store).found[0]
    assert "kiln firing" in " ".join(best.terms)
    assert {each.score for each in best.papers} == {0.9}


def test_a_line_of_its_own_is_proposed_where_much_is_far_from_the_question(store: Store) -> None:
    batch = papers(25)
    keep(store, batch, [match(paper) for paper in batch])
    assert {suggestion.kind for suggestion in suggested(store).found} == {Kind.LINE}


@pytest.mark.parametrize("count", [0, 4])
def test_too_few_papers_make_no_cluster(store: Store, count: int) -> None:
    batch = papers()[:count]
    keep(store, batch, [match(paper) for paper in batch])
    told = suggested(store)
    assert (told.found, told.uncovered) == ((), count)
    with pytest.raises(NotFoundError, match="harbours has no cluster 1; there is none yet"):
        told.numbered(1)


# --- drafts --------------------------------------------------------------------------------------------------


def test_a_draft_reads_back_whole_as_a_line(store: Store) -> None:
    batch = papers()
    keep(store, batch, [match(paper) for paper in batch])
    for suggestion in suggested(store).found:
        page = draft_page(LINE, suggestion, now=NOW)
        reading = read_page(page.encode(), name="draft.txt")
        assert reading.warnings == ()
        assert reading.line.question.startswith(f"What holds of {suggestion.headline[0]}")
        assert {a.arxiv_id: a.title for a in reading.line.anchors} == {
            each.paper.arxiv_id: each.paper.title for each in suggestion.papers
        }
        assert all("arXiv:2511." in f"{claim.text} {claim.findings}" for claim in reading.line.claims)
        assert len(reading.line.tasks) == 3
        assert reading.line.next_lines == (LINE.question,)


def test_a_title_that_looks_like_a_part_of_a_page_does_no_harm(store: Store) -> None:
    batch = papers()
    odd = ("Sources", "# Your task: 1.", '"Quoted" <b>and</b> bold', "A " * 150, "2511.99999: an id", "- item\n\n(1) x")
    for place, title in enumerate(odd):
        batch[3 * place] = replace(batch[3 * place], title=f"{title} honeybee foraging waggle dance")
    keep(store, batch, [match(paper) for paper in batch])
    for suggestion in suggested(store).found:
        reading = read_page(draft_page(LINE, suggestion, now=NOW).encode(), name="draft.txt")
        assert reading.warnings == ()
        assert len(reading.line.anchors) == min(len(suggestion.papers), 9)


def test_a_draft_never_overwrites_a_file(tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(PageError, match=r"mine\.txt is there already and stays as it is"):
        write_draft(target, "page")
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_draft_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="cannot be written"):
        write_draft(tmp_path / "missing" / "mine.txt", "page")
