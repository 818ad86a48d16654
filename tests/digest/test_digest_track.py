"""How often marks proved right for the reader: what few reviews say, and what many do."""

from __future__ import annotations

import pytest
from compared_sample import reviewed
from digest_sample import SLEEP, paper, verdict

from litwatch.digest import marks
from litwatch.digest.track import alike, track_of, tracks
from litwatch.model import Review, Reviewed, Stance, Track

CUES, MODEL = "cues/1", "llm/local-7b/1"


def only(*found: Reviewed, threshold: float = 0.5) -> Track:
    (track,) = tracks(found, {CUES}, threshold)
    return track


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        pytest.param(0, 0, "Of the marks against your claims you have reviewed none so far.", id="none"),
        pytest.param(3, 1, "Of the marks against your claims you have reviewed 4 so far.", id="too few to say more"),
        pytest.param(4, 1, "Of the marks against your claims you have reviewed 5 so far; 4 were right.", id="five"),
        pytest.param(1, 4, "Of the marks against your claims you have reviewed 5 so far; 1 was right.", id="one right"),
        pytest.param(
            0, 6, "Of the marks against your claims you have reviewed 6 so far; none was right.", id="none right"
        ),
    ],
)
def test_it_is_said_how_many_were_right_from_five_reviewed_marks_on(right: int, wrong: int, says: str) -> None:
    assert marks.record([only(*reviewed(CUES, right, wrong, 0.7))]) == says


def test_what_is_below_the_threshold_is_no_mark_and_does_not_count() -> None:
    found = [*reviewed(CUES, 5, 1, 0.7), *reviewed(CUES, 0, 9, 0.4)]
    assert (only(*found).reviewed, only(*found).right) == (6, 5)
    assert (only(*found, threshold=0.3).reviewed, only(*found, threshold=0.3).right) == (15, 5)


def test_a_method_with_few_reviews_borrows_those_of_all_methods_and_says_so() -> None:
    found = [*reviewed(CUES, 2, 1, 0.7), *reviewed("cues/0", 4, 2, 0.7)]
    (track,) = tracks(found, {CUES}, 0.5)
    assert (track.method, track.reviewed, track.right) == ("", 9, 6)
    assert (
        marks.record([track])
        == "Of the marks against your claims by any method you have reviewed 9 so far; 6 were right."
    )


def test_each_method_that_marked_something_has_its_own_record() -> None:
    found = tracks([*reviewed(CUES, 5, 1, 0.7), *reviewed(MODEL, 6, 0, 0.7)], {MODEL, CUES}, 0.5)
    assert [(track.method, track.reviewed, track.right) for track in found] == [(CUES, 6, 5), (MODEL, 6, 6)]
    assert marks.record(found) == (
        "Of the marks against your claims by cues/1 you have reviewed 6 so far; 5 were right. "
        "Of the marks against your claims by llm/local-7b/1 you have reviewed 6 so far; 6 were right."
    )
    assert track_of(found, MODEL) is found[1]
    assert track_of(found, "minilm-cross/1") is None


def test_marks_about_as_probable_are_told_apart_from_twenty_on_where_five_of_them_were_reviewed() -> None:
    found = [*reviewed(CUES, 3, 11, 0.55), *reviewed(CUES, 4, 1, 0.7)]
    assert alike(only(*found), 0.7) is None, "nineteen are not divided"

    track = only(*found, Reviewed(method=CUES, probability=0.9, right=True))

    assert [(band.reviewed, band.right) for band in track.bands] == [(14, 3), (5, 4), (1, 1)]
    assert [round(band.low, 2) for band in track.bands] == [0.5, 0.67, 0.83]
    near = alike(track, 0.8)
    assert near is not None
    assert (near.reviewed, near.right) == (5, 4)
    assert alike(track, 0.95) is None, "one in its third says nothing"


def test_probabilities_of_one_and_a_threshold_of_one_have_a_place() -> None:
    assert [band.reviewed for band in only(*reviewed(CUES, 20, 0, 1.0)).bands] == [0, 0, 20]
    assert [band.reviewed for band in only(*reviewed(CUES, 20, 0, 1.0), threshold=1.0).bands] == [0, 0, 20]


@pytest.mark.parametrize(
    ("stance", "review", "says"),
    [
        (Stance.CONTRADICTS, None, "Of marks about as probable you have reviewed 25; 20 were right."),
        (Stance.SUPPORTS, None, ""),
        (Stance.CONTRADICTS, Review.CONFIRMED, ""),
    ],
)
def test_only_an_open_challenge_is_held_against_its_like(stance: Stance, review: Review | None, says: str) -> None:
    track = only(*reviewed(CUES, 20, 5, 0.6))
    assert marks.near(verdict(1, paper(1, "A paper"), SLEEP, "c1", stance, 0.6, review=review), [track]) == says
