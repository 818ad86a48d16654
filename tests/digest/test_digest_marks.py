"""A mark as a reader meets it: a candidate with what speaks for it, and what another method says of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from compared_sample import HOSTILE, by_model, compared, reviewed
from digest_sample import COVERAGE, LINES, NOW, SLEEP, TIDES, every_form, match, paper, verdict
from test_digest_forms import Page, checked, pretty, slack_texts

from litwatch.digest import frame, marks
from litwatch.digest.compose import Candidate, compose
from litwatch.digest.content import content
from litwatch.model import Digest, DigestKind, Entry, Review, Stance, Verdict
from litwatch.text import squeeze

FOUND = paper(1, "A paper")


def judged(stance: Stance, probability: float, number: int = 1, review: Review | None = None) -> Verdict:
    return verdict(number, FOUND, SLEEP, "c1", stance, probability, "It did not.", "negation", review)


def asked(stance: Stance, probability: float, number: int = 2, review: Review | None = None) -> Verdict:
    sentence = "" if stance is Stance.NONE else "It rose."
    return replace(by_model(number, FOUND, SLEEP, "c1", stance, probability, sentence, "Other people."), review=review)


def told(*verdicts: Verdict, score: float = 0.4, kind: DigestKind = DigestKind.DIGEST) -> Digest:
    return compose(
        digest_id="d",
        channel="weekly-mail",
        kind=kind,
        lines=LINES,
        candidates=(Candidate(match=match(FOUND, SLEEP, score), paper=FOUND, verdicts=verdicts),),
        changes={},
        coverage=COVERAGE,
        top=5,
        threshold=0.5,
        now=NOW,
    )


def entry_of(*verdicts: Verdict) -> Entry:
    (entry,) = told(*verdicts).entries
    return entry


def every_text(digest: Digest) -> list[str]:
    message = every_form(digest)
    return [squeeze(text) for text in (message.text, Page(message.html).text, "\n".join(slack_texts(message.slack)))]


def test_the_forms_of_two_methods_are_as_the_golden_files_show_them() -> None:
    digest = compared()
    message = every_form(digest)
    checked("compared.txt", f"Subject: {message.subject}\n\n{message.text}")
    checked("compared.html", message.html)
    checked("compared.slack.json", pretty(message.slack))
    checked("compared.content.json", pretty(content(digest)))


@pytest.mark.parametrize(
    ("probability", "says"),
    [
        (0.31, "possibly contradicts c1 (probability 0.31)"),
        (0.5, "likely contradicts c1 (probability 0.50)"),
        (0.63, "likely contradicts c1 (probability 0.63)"),
        (0.9, "very likely contradicts c1 (probability 0.90)"),
        (0.9999, "very likely contradicts c1 (probability 0.99)"),
        (0.0001, "possibly contradicts c1 (probability 0.01)"),
    ],
)
def test_a_probability_is_said_in_a_word_and_a_figure(probability: float, says: str) -> None:
    assert marks.badge(SLEEP.claims[0], judged(Stance.CONTRADICTS, probability), SLEEP.slug) == f"Candidate: {says}"


def test_what_the_reader_confirmed_is_no_candidate_any_more() -> None:
    confirmed = judged(Stance.SUPERSEDES, 0.6, review=Review.CONFIRMED)
    assert marks.badge(SLEEP.claims[0], confirmed, SLEEP.slug) == "supersedes c1 · confirmed by you"
    assert frame.caution(told(confirmed)) == ""


@pytest.mark.parametrize("kind", [DigestKind.DIGEST, DigestKind.ALERT])
def test_every_form_says_once_that_marks_are_candidates_and_how_such_marks_fared(kind: DigestKind) -> None:
    for text in every_text(compared(kind)):
        assert text.count("a candidate, until you confirm or reject it") == 1
        assert text.count("by cues/1 you have reviewed 25 so far; 16 were right.") == 1
        assert text.count("by llm/local-7b/1 you have reviewed 6 so far; 5 were right.") == 1
        assert text.count("Of marks about as probable you have reviewed 6; 5 were right.") == 1


def test_a_digest_without_marks_says_nothing_of_candidates() -> None:
    assert all("candidate" not in text for text in every_text(told()))


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        pytest.param(
            asked(Stance.CONTRADICTS, 0.8),
            judged(Stance.CONTRADICTS, 0.7),
            "The default judge says so, too (probability 0.70).",
            id="both agree",
        ),
        pytest.param(
            asked(Stance.CONTRADICTS, 0.8),
            judged(Stance.SUPERSEDES, 0.7),
            "The default judge reads this otherwise: "
            "likely supersedes (probability 0.70), “It did not.” Why: negation.",
            id="another stance",
        ),
        pytest.param(
            asked(Stance.CONTRADICTS, 0.8),
            None,
            "The default judge reads this otherwise: no stance.",
            id="the default judge is silent",
        ),
        pytest.param(
            judged(Stance.CONTRADICTS, 0.8),
            asked(Stance.NONE, 0.9),
            "The language model reads this otherwise: no stance (probability 0.90). Why: Other people.",
            id="the language model sees none",
        ),
        pytest.param(judged(Stance.CONTRADICTS, 0.8), None, "", id="no language model was asked"),
        pytest.param(
            judged(Stance.CONTRADICTS, 0.8, review=Review.CONFIRMED),
            asked(Stance.NONE, 0.9),
            "",
            id="the reader has spoken",
        ),
    ],
)
def test_what_the_other_method_says_stands_beside_a_mark(first: Verdict, second: Verdict | None, says: str) -> None:
    assert marks.beside(first, second) == says


def test_a_mark_knows_what_stands_beside_it() -> None:
    one, two = judged(Stance.CONTRADICTS, 0.7), asked(Stance.SUPERSEDES, 0.8)
    entry = entry_of(one, two)
    assert [shown for _, shown in entry.marks] == [two]
    assert entry.other_opinion(two) == one
    (row,) = content(told(one, two))["sections"][0]["entries"][0]["marks"]  # type: ignore[index]
    assert (row["verdict"], row["beside"]["verdict"], row["beside"]["stance"]) == (2, 1, "contradicts")
    assert row["track"] == {"method": "llm/local-7b/1", "reviewed": 0, "right": 0, "alike": None}


def test_a_mark_that_the_language_model_takes_back_is_no_mark_and_is_told_with_both() -> None:
    digest = told(judged(Stance.CONTRADICTS, 0.7), asked(Stance.NONE, 0.9))
    assert not digest.entries[0].challenge
    assert "0 likely" not in frame.subject(digest)
    assert "contradiction" not in frame.subject(digest)
    for text in every_text(digest):
        assert "Not marked: the two methods differ on c1" in text
        assert "The default judge: likely contradicts (probability 0.70), “It did not.” Why: negation." in text
        assert "The language model: no stance (probability 0.90). Why: Other people." in text
        assert "litwatch confirm 1" in text
    entry = content(digest)["sections"][0]["entries"][0]  # type: ignore[index]
    assert entry["marks"] == []
    assert [(row["verdict"], row["beside"]["verdict"]) for row in entry["taken_back"]] == [(1, 2)]


def test_an_alert_tells_nothing_of_what_was_taken_back() -> None:
    assert told(judged(Stance.CONTRADICTS, 0.7), asked(Stance.NONE, 0.9), kind=DigestKind.ALERT).entries == ()


@pytest.mark.parametrize(
    "verdicts",
    [
        pytest.param((judged(Stance.CONTRADICTS, 0.4), asked(Stance.NONE, 0.9)), id="it was no mark"),
        pytest.param((judged(Stance.SUPPORTS, 0.9), asked(Stance.NONE, 0.9)), id="it was a support"),
        pytest.param(
            (judged(Stance.CONTRADICTS, 0.9, review=Review.REJECTED), asked(Stance.NONE, 0.9)),
            id="the reader rejected it",
        ),
        pytest.param(
            (judged(Stance.CONTRADICTS, 0.9, review=Review.CONFIRMED), asked(Stance.NONE, 0.9)),
            id="the reader confirmed it",
        ),
        pytest.param((judged(Stance.CONTRADICTS, 0.9),), id="no language model was asked"),
        pytest.param(
            (judged(Stance.CONTRADICTS, 0.9), replace(asked(Stance.NONE, 0.9), version=2)), id="of another version"
        ),
    ],
)
def test_nothing_else_counts_as_taken_back(verdicts: tuple[Verdict, ...]) -> None:
    assert entry_of(*verdicts).taken_back == ()


def test_a_challenge_too_improbable_takes_a_mark_back_as_well() -> None:
    (back,) = entry_of(judged(Stance.CONTRADICTS, 0.7), asked(Stance.CONTRADICTS, 0.2)).taken_back
    assert marks.both(back)[1].startswith("The language model: possibly contradicts (probability 0.20), “It rose.”")


def test_a_support_that_replaces_a_challenge_is_marked_with_the_challenge_beside_it() -> None:
    one, two = judged(Stance.CONTRADICTS, 0.7), asked(Stance.SUPPORTS, 0.8)
    entry = entry_of(one, two)
    assert [shown for _, shown in entry.marks] == [two]
    assert (entry.other_opinion(two), entry.taken_back) == (one, ())


def test_a_reason_that_would_be_markup_or_a_command_stays_text() -> None:
    message = every_form(compared())
    page = Page(message.html)
    assert not page.tags & {"script", "img"}
    assert "<script>alert(1)</script> & <!channel>" in page.text
    assert all("<!channel>" not in text and "<script>" not in text for text in slack_texts(message.slack))
    assert "\x1b" not in message.text + message.html + json.dumps(message.slack)
    assert "\u202e" not in message.text + message.html + str(message.slack)
    assert HOSTILE[0] == "<"


@pytest.mark.parametrize("letter", ["&", "x", "𝔘"])
def test_long_texts_of_both_methods_are_cut_to_slacks_room_and_are_whole_in_json(letter: str) -> None:
    long = letter * 3000
    verdicts = [
        replace(one, claim=claim.id, evidence=replace(one.evidence, sentence=long, reason=long))
        for n, claim in enumerate(SLEEP.claims)
        for one in (
            judged(Stance.CONTRADICTS, 0.7, 10 + n),
            asked((Stance.NONE, Stance.SUPERSEDES)[n % 2], 0.8, 20 + n),
        )
    ]
    digest = told(*verdicts)
    message = every_form(digest)
    assert max(len(text) for text in slack_texts(message.slack)) <= 3000
    assert len(message.slack) <= 50
    assert "Not marked: the two methods differ on" in str(message.slack) + message.text
    entry = content(digest)["sections"][0]["entries"][0]  # type: ignore[index]
    assert entry["marks"][0]["beside"]["reason"] == long


def test_marks_beyond_those_shown_are_counted_with_those_taken_back() -> None:
    digest = told(
        *(
            replace(one, claim=c.id)
            for c in SLEEP.claims
            for one in (judged(Stance.CONTRADICTS, 0.7), asked(Stance.NONE, 0.8))
        )
    )
    (entry,) = digest.entries
    assert len(entry.taken_back) == 3
    assert marks.more(entry, SLEEP.slug) == ("the methods differ on 1 more claim: `litwatch claims sleep-and-memory`")


def test_a_record_speaks_for_the_methods_that_marked_something_alone() -> None:
    digest = compose(
        digest_id="d",
        channel="",
        lines=LINES,
        candidates=(
            Candidate(match=match(FOUND, SLEEP, 0.4), paper=FOUND, verdicts=(judged(Stance.CONTRADICTS, 0.7),)),
        ),
        changes={},
        reviewed=[*reviewed("cues/1", 4, 2, 0.7), *reviewed("llm/local-7b/1", 9, 0, 0.7)],
        coverage=COVERAGE,
        top=5,
        threshold=0.5,
        now=NOW,
    )
    assert [track.method for track in digest.tracks] == ["cues/1"]
    assert "you have reviewed 6 so far; 4 were right." in frame.caution(digest)


def test_what_was_taken_back_on_another_line_is_named_with_that_line() -> None:
    elsewhere = (judged(Stance.CONTRADICTS, 0.7), asked(Stance.NONE, 0.9))
    digest = compose(
        digest_id="d",
        channel="",
        lines=LINES,
        candidates=(
            Candidate(match=match(FOUND, TIDES, 0.6), paper=FOUND),
            Candidate(match=match(FOUND, SLEEP, 0.4), paper=FOUND, verdicts=elsewhere),
        ),
        changes={},
        coverage=COVERAGE,
        top=5,
        threshold=0.5,
        now=NOW,
    )
    (entry,) = digest.sections[1].entries
    assert [marks.unmarked(back, TIDES.slug) for back in entry.taken_back] == [
        "Not marked: the two methods differ on c1 of sleep-and-memory"
    ]
