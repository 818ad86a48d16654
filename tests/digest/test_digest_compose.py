"""What a digest tells, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from digest_sample import COVERAGE, GLASS, LINES, NOW, SLEEP, TIDES, match, paper, verdict

from litwatch.digest.compose import Candidate, compose
from litwatch.digest.room import fitting, shed
from litwatch.model import Digest, DigestKind, Line, Review, Stance, Status, StatusChange, Verdict


def told(digest: Digest) -> dict[str, list[str]]:
    """Ids of the papers by line, in order."""
    return {s.line: [entry.paper.arxiv_id for entry in s.entries] for s in digest.sections if s.entries}


def made(
    *candidates: Candidate,
    top: int = 20,
    threshold: float = 0.5,
    kind: DigestKind = DigestKind.DIGEST,
    lines: tuple[Line, ...] = LINES,
    changes: tuple[StatusChange, ...] = (),
) -> Digest:
    return compose(
        digest_id="d",
        channel="weekly-mail",
        kind=kind,
        lines=lines,
        candidates=candidates,
        changes={SLEEP.slug: changes},
        coverage=COVERAGE,
        top=top,
        threshold=threshold,
        now=NOW,
    )


def candidate(
    number: int,
    score: float,
    *stances: tuple[str, Stance, float],
    line: Line = SLEEP,
    fresh: bool = True,
    claim: str = "c1",
) -> Candidate:
    found = paper(number, f"Paper {number}")
    verdicts = tuple(
        verdict(10 * number + i, found, line, on, stance, probability)
        for i, (on, stance, probability) in enumerate(stances)
    )
    return Candidate(match=match(found, line, score, claim), paper=found, verdicts=verdicts, fresh=fresh)


AGAINST = ("c1", Stance.CONTRADICTS, 0.8)


def test_likely_challenges_stand_first_by_probability_then_papers_by_score() -> None:
    digest = made(
        candidate(1, 0.9),
        candidate(2, 0.2, ("c1", Stance.CONTRADICTS, 0.6)),
        candidate(3, 0.3),
        candidate(4, 0.1, ("c2", Stance.SUPERSEDES, 0.7)),
    )
    assert told(digest) == {SLEEP.slug: ["2511.90004", "2511.90002", "2511.90001", "2511.90003"]}


def test_the_order_of_the_candidates_changes_nothing() -> None:
    candidates = (candidate(1, 0.5), candidate(2, 0.5), candidate(2, 0.5, line=TIDES), candidate(3, 0.1, AGAINST))
    assert len({repr(made(*order)) for order in permutations(candidates)}) == 1


def test_a_paper_stands_once_under_the_line_it_fits_best_and_names_the_others() -> None:
    digest = made(candidate(1, 0.3), candidate(1, 0.6, line=TIDES), candidate(1, 0.2, line=GLASS), candidate(2, 0.1))
    assert told(digest) == {SLEEP.slug: ["2511.90002"], TIDES.slug: ["2511.90001"]}
    (entry,) = digest.sections[1].entries
    assert entry.also == (SLEEP.slug, GLASS.slug)


def test_a_line_where_a_claim_is_challenged_goes_before_one_that_fits_better() -> None:
    digest = made(candidate(1, 0.3, AGAINST), candidate(1, 0.6, line=TIDES))
    assert told(digest) == {SLEEP.slug: ["2511.90001"]}


def test_what_a_paper_challenges_on_its_other_lines_is_marked_where_it_stands() -> None:
    both = candidate(1, 0.6, AGAINST), candidate(1, 0.3, ("c1", Stance.SUPERSEDES, 0.7), line=TIDES)
    (entry,) = made(*both).entries
    assert [(v.line, claim.text) for claim, v in entry.marks] == [
        (SLEEP.slug, SLEEP.claims[0].text),
        (TIDES.slug, TIDES.claims[0].text),
    ]


def test_earlier_papers_fill_the_room_that_fresh_ones_leave() -> None:
    candidates = (candidate(1, 0.9, fresh=False), candidate(2, 0.8, fresh=False), candidate(3, 0.2))
    digest = made(*candidates, top=2)
    assert told(digest) == {SLEEP.slug: ["2511.90003", "2511.90001"]}
    assert [entry.earlier for entry in digest.entries] == [False, True]
    assert digest.sections[0].left_out == 1


def test_every_likely_challenge_is_told_beyond_the_top() -> None:
    digest = made(*(candidate(n, 0.3, AGAINST) for n in range(1, 5)), candidate(9, 0.9), top=2)
    assert len(digest.entries) == 4
    assert digest.sections[0].left_out == 1


def test_withdrawn_papers_and_unknown_lines_do_not_appear() -> None:
    gone = candidate(1, 0.9, AGAINST)
    gone = replace(gone, paper=replace(gone.paper, withdrawn=True))
    elsewhere = candidate(2, 0.9, line=replace(SLEEP, slug="not-of-this-channel"))
    assert made(gone, elsewhere).entries == ()


def test_a_line_with_nothing_keeps_its_empty_section_for_the_foot() -> None:
    digest = made(candidate(1, 0.9, line=TIDES))
    assert [section.line for section in digest.sections] == [line.slug for line in LINES]
    assert digest.sections[2].entries == ()


@pytest.mark.parametrize(
    ("stance", "probability", "review", "shown"),
    [
        pytest.param(Stance.CONTRADICTS, 0.5, None, True, id="at the threshold"),
        pytest.param(Stance.CONTRADICTS, 0.49, None, False, id="below the threshold"),
        pytest.param(Stance.CONTRADICTS, 0.9, Review.REJECTED, False, id="rejected"),
        pytest.param(Stance.SUPERSEDES, 0.2, Review.CONFIRMED, True, id="confirmed below the threshold"),
        pytest.param(Stance.SUPPORTS, 0.8, None, True, id="a likely support"),
        pytest.param(Stance.NONE, 0.9, None, False, id="no stance"),
    ],
)
def test_which_verdicts_are_marks(stance: Stance, probability: float, review: Review | None, shown: bool) -> None:
    one = candidate(1, 0.5, ("c1", stance, probability))
    one = replace(one, verdicts=tuple(replace(v, review=review) for v in one.verdicts))
    (entry,) = made(one).entries
    assert bool(entry.marks) is shown


def test_marks_are_the_challenges_then_one_support() -> None:
    stances = (("c1", Stance.SUPPORTS, 0.9), ("c2", Stance.CONTRADICTS, 0.6), ("c3", Stance.SUPPORTS, 0.95))
    (entry,) = made(candidate(1, 0.5, *stances)).entries
    assert [claim.id for claim, _ in entry.marks] == ["c2", "c3"]


def test_a_retired_claim_is_neither_marked_nor_named() -> None:
    line = replace(SLEEP, claims=(replace(SLEEP.claims[0], retired=True), *SLEEP.claims[1:]))
    (entry,) = made(candidate(1, 0.5, AGAINST), lines=(line,)).entries
    assert entry.marks == ()
    assert entry.claim is None


def judged_again(later: Verdict, review: Review | None = None) -> tuple[Verdict, ...]:
    found = candidate(1, 0.5, AGAINST)
    (first,) = found.verdicts
    again = replace(found, verdicts=(replace(later, at=NOW + timedelta(days=1)), replace(first, review=review)))
    (entry,) = made(again).entries
    return tuple(shown for _, shown in entry.marks)


def test_the_last_word_of_the_judges_on_a_claim_counts() -> None:
    later = verdict(99, paper(1, "Paper 1"), SLEEP, "c1", Stance.NONE, 0.9)
    assert judged_again(later) == ()


def test_no_later_judgment_goes_over_a_confirmed_verdict() -> None:
    later = verdict(99, paper(1, "Paper 1"), SLEEP, "c1", Stance.NONE, 0.9)
    assert [shown.id for shown in judged_again(later, Review.CONFIRMED)] == [10]


def revised(review: Review | None) -> tuple[Verdict, ...]:
    """The marks of a paper whose only verdict is on an earlier version."""
    found = candidate(1, 0.5, AGAINST)
    verdicts = tuple(replace(verdict, review=review) for verdict in found.verdicts)
    (entry,) = made(replace(found, paper=replace(found.paper, version=2), verdicts=verdicts)).entries
    return tuple(shown for _, shown in entry.marks)


def test_a_verdict_on_an_earlier_version_is_no_mark_unless_it_was_confirmed() -> None:
    assert revised(None) == ()
    assert [shown.version for shown in revised(Review.CONFIRMED)] == [1]


def test_a_confirmed_support_does_not_hide_what_a_newer_version_challenges() -> None:
    found = candidate(1, 0.5, ("c1", Stance.SUPPORTS, 0.8), ("c1", Stance.CONTRADICTS, 0.6))
    first, second = found.verdicts
    verdicts = (replace(first, review=Review.CONFIRMED), replace(second, version=2))
    (entry,) = made(replace(found, paper=replace(found.paper, version=2), verdicts=verdicts)).entries
    assert [(shown.evidence.stance, shown.version) for _, shown in entry.marks] == [(Stance.CONTRADICTS, 2)]


def test_an_alert_holds_likely_challenges_and_their_changes_only() -> None:
    def moved(arxiv_id: str) -> StatusChange:
        return StatusChange(
            claim=SLEEP.claims[0],
            before=Status.OPEN,
            after=Status.CONTESTED,
            arxiv_id=arxiv_id,
            sentence="It does not.",
        )

    candidates = (candidate(1, 0.9), candidate(2, 0.2, AGAINST), candidate(3, 0.9, line=TIDES))
    changes = (moved("2511.90002"), moved("2511.90007"))
    digest = made(*candidates, kind=DigestKind.ALERT, changes=changes, top=0)
    assert told(digest) == {SLEEP.slug: ["2511.90002"]}
    assert [(section.line, section.left_out) for section in digest.sections] == [(SLEEP.slug, 0)]
    assert digest.sections[0].changes == changes[:1]


def test_shedding_counts_what_it_takes_and_keeps_the_challenges_longest() -> None:
    digest = made(
        *(candidate(n, 0.5 - n / 100) for n in range(1, 5)),
        candidate(5, 0.1, AGAINST),
        candidate(6, 0.3, line=TIDES),
    )
    less = shed(digest, 3)
    assert told(less) == {SLEEP.slug: ["2511.90005", "2511.90001"], TIDES.slug: ["2511.90006"]}
    assert [section.left_out for section in less.sections] == [3, 0, 0]
    assert told(shed(digest, 5)) == {SLEEP.slug: ["2511.90005"]}
    assert [section.left_out for section in shed(digest, 100).sections] == [5, 1, 0]


def test_an_edition_sheds_no_more_than_it_must() -> None:
    digest = made(*(candidate(n, 0.5) for n in range(1, 30)), top=30)
    for room in (0, 1, 13, 29, 40):
        edition = fitting(digest, lambda e, room=room: len(e.cut.entries) <= room)  # type: ignore[misc]
        assert len(edition.cut.entries) == min(room, 29)
