"""Other ways to tell that a paper speaks against a claim. All papers and claims are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from litwatch.errors import DataError
from litwatch.evaluate.judges import OtherJudge, OtherSide, other_judges, other_sides
from litwatch.evaluate.marking import Asked, Pair, compare_judges, difference_in_average_precision, judged_by, marking
from litwatch.model import Claim, Evidence, Line, Paper, Stance

DAY = datetime(2025, 1, 1, tzinfo=UTC)
CLAIM = Claim(id="c1", text="Green tea delays sleep in adults.")


def paper(title: str, abstract: str = "", name: str = "2501.00001") -> Paper:
    return Paper(arxiv_id=name, title=title, abstract=abstract, published=DAY, updated=DAY)


NEAR = paper("Tea at night", "Green tea delays sleep in adults. Children were left out.", "2501.00001")
DENIES = paper("Tea at night", "However, tea did not move bedtime. Adults woke early.", "2501.00002")
FAR = paper("Dust", "Dust does not hide young stars, but no one looked.", "2501.00003")


def other(name: str, papers: Sequence[Paper] = (NEAR, DENIES, FAR), threshold: float = 0.5) -> OtherJudge:
    return next(one for one in other_judges(papers, threshold=threshold) if one.name == name)


def challenges(name: str, *papers: Paper) -> list[float]:
    return [evidence.challenge for evidence in other(name).judge([(CLAIM, one) for one in papers])]


def test_polarity_cues_count_words_in_sentences_that_share_one_with_the_claim() -> None:
    assert challenges("polarity cues", NEAR, DENIES, FAR) == [0.0, pytest.approx(2 / 3), 0.0]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Tea doesn't help.", 1),
        ("Tea doesn’t help.", 1),
        ("Tea ties a knot, nothing more.", 1),
        ("Unlike coffee, tea fails.", 2),
        ("Tea notes yesterday.", 0),
    ],
)
def test_polarity_cues_are_whole_words(words: str, count: int) -> None:
    assert challenges("polarity cues", paper(words)) == [pytest.approx(count / (count + 1))]


def test_the_sentence_with_most_cues_is_named_as_evidence() -> None:
    [evidence] = other("polarity cues").judge([(CLAIM, DENIES)])
    assert evidence.sentence == "However, tea did not move bedtime."
    assert evidence.stance is Stance.CONTRADICTS


def test_similarity_is_highest_for_the_same_words_and_knows_no_side() -> None:
    near, denies, far = challenges("sentence similarity", NEAR, DENIES, FAR)
    assert near == pytest.approx(1.0)
    assert near > denies > far == 0.0


def test_similarity_of_the_abstract_is_less_where_it_speaks_of_more() -> None:
    assert 0 < challenges("abstract similarity", NEAR)[0] < challenges("sentence similarity", NEAR)[0]


def test_what_is_said_of_a_pair_does_not_depend_on_the_others() -> None:
    for one in other_judges([NEAR, DENIES, FAR]):
        pairs = [(CLAIM, each) for each in (FAR, NEAR, DENIES, NEAR)]
        assert list(one.judge(pairs)) == [said for pair in pairs for said in one.judge([pair])]
        assert list(one.judge([])) == []


def test_the_threshold_decides_what_is_marked() -> None:
    for threshold, stance in ((0.5, Stance.CONTRADICTS), (0.9, Stance.NONE)):
        [evidence] = other("polarity cues", threshold=threshold).judge([(CLAIM, DENIES)])
        assert evidence.stance is stance


def test_papers_without_a_word_are_refused_in_one_line() -> None:
    with pytest.raises(DataError, match="no words to count"):
        other("sentence similarity", [paper("", "")]).judge([(CLAIM, NEAR)])


def side(name: str) -> OtherSide:
    return next(one for one in other_sides() if one.name == name)


@pytest.mark.parametrize(
    ("claim", "found", "against"),
    [
        ("Tea increases alertness.", "Tea increased alertness.", False),
        ("Tea increases alertness.", "Tea decreased alertness.", True),
        ("Tea increases alertness.", "Tea did not increase alertness.", True),
        ("Tea does not increase alertness.", "Tea did not raise alertness.", False),
        ("Tea does not increase alertness.", "Tea reduced alertness.", False),
    ],
)
def test_polarity_tells_the_side_by_negations_and_by_words_for_more_and_less(
    claim: str, found: str, against: bool
) -> None:
    [chance] = side("polarity cues").against([(Claim(id="c1", text=claim), paper("Dust is lower", found))])
    assert (chance >= 0.5) is against


def test_similarity_can_only_say_that_a_paper_supports() -> None:
    assert list(side("majority").against([(CLAIM, NEAR), (CLAIM, DENIES)])) == [0.0, 0.0]


def pair(line: str, number: int, challenge: float, true: bool, threshold: float = 0.5) -> Pair:
    marked = challenge >= threshold
    evidence = Evidence(
        stance=Stance.CONTRADICTS if marked else Stance.NONE,
        probability=challenge,
        challenge=challenge,
        sentence="",
        method="written/1",
    )
    return Pair(line=line, claim="c1", paper=f"p{number:02}", evidence=evidence, marked=marked, true=true)


def pairs_of(line: str, chances: Sequence[float], true: Sequence[bool]) -> list[Pair]:
    return [pair(line, n, chance, hit) for n, (chance, hit) in enumerate(zip(chances, true, strict=True))]


def test_calibration_of_what_was_marked_is_told_beside_that_of_all_pairs() -> None:
    told = marking(pairs_of("tea", [0.9, 0.9, 0.1, 0.1], [True, False, False, False]))
    assert told.calibration_error == pytest.approx((2 * 0.4 + 2 * 0.1) / 4)
    assert told.calibration_error_marked == pytest.approx(0.4)
    assert marking(pairs_of("tea", [0.1], [True])).calibration_error_marked == 0.0


RIGHT, WRONG = [0.9, 0.2, 0.1], [0.1, 0.2, 0.9]
TRUE = [True, False, False]


def test_the_difference_is_that_of_the_pooled_pairs() -> None:
    ours = pairs_of("tea", RIGHT, TRUE) + pairs_of("ice", RIGHT, TRUE)
    theirs = pairs_of("tea", WRONG, TRUE) + pairs_of("ice", RIGHT, TRUE)
    # Theirs pooled: a miss above, the hit of "ice", two between, the hit of "tea" among the last two.
    difference = difference_in_average_precision(ours, theirs)
    assert difference.value == pytest.approx(marking(ours).average_precision - marking(theirs).average_precision)
    assert difference.value > 0


def test_the_interval_comes_from_lines_that_are_drawn_whole() -> None:
    """Of two lines one is better for us and the other alike: every draw of both lines is one of three."""
    ours = pairs_of("tea", RIGHT, TRUE) + pairs_of("ice", RIGHT, TRUE)
    theirs = pairs_of("tea", WRONG, TRUE) + pairs_of("ice", RIGHT, TRUE)
    difference = difference_in_average_precision(ours, theirs)
    only_tea = marking(pairs_of("a", WRONG, TRUE) + pairs_of("b", WRONG, TRUE)).average_precision
    assert difference.low == pytest.approx(0.0)
    assert difference.high == pytest.approx(1 - only_tea)


def test_draws_without_a_challenge_are_left_out() -> None:
    ours = pairs_of("tea", RIGHT, TRUE) + pairs_of("ice", RIGHT, [False] * 3)
    theirs = pairs_of("tea", WRONG, TRUE) + pairs_of("ice", WRONG, [False] * 3)
    assert difference_in_average_precision(ours, theirs).low > 0
    nothing = pairs_of("ice", RIGHT, [False] * 3)
    assert difference_in_average_precision(nothing, nothing).high == 0.0


def written(chances: Mapping[str, float], name: str) -> OtherJudge:
    def judge(asked: Sequence[tuple[Claim, Paper]]) -> list[Evidence]:
        return [pair("", 0, chances[one.arxiv_id], False).evidence for _, one in asked]

    return OtherJudge(name=name, says=f"{name} of these papers", judge=judge)


def test_other_judges_are_told_best_first_by_the_measures_of_ours() -> None:
    asked = Asked(
        line=Line(slug="tea", question="Does tea keep readers awake?", claims=(CLAIM,)),
        pairs=tuple((CLAIM, one) for one in (NEAR, DENIES, FAR)),
        challenges={("c1", DENIES.arxiv_id)},
    )
    good = written({NEAR.arxiv_id: 0.6, DENIES.arxiv_id: 0.9, FAR.arxiv_id: 0.1}, "good")
    poor = written({NEAR.arxiv_id: 0.9, DENIES.arxiv_id: 0.2, FAR.arxiv_id: 0.1}, "poor")
    ours = judged_by(good.judge, asked, 0.5)
    reports = [report.as_json() for report in compare_judges([poor, good], [asked], ours, threshold=0.5)]
    assert [(row["method"], row["average_precision"], row["precision"], row["recall"]) for row in reports] == [
        ("good", 1.0, 0.5, 1.0),
        ("poor", 0.5, 0.0, 0.0),
    ]
    assert reports[1]["difference"] == {"value": 0.5, "low": 0.5, "high": 0.5}
    assert reports[0].keys() == {
        "method",
        "says",
        "average_precision",
        "precision",
        "recall",
        "precision@10",
        "calibration_error",
        "difference",
    }
