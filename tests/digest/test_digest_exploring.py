"""Papers drawn by chance in a digest: after all others, counted apart, first to go, and plainly marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from digest_sample import COVERAGE, GLASS, LINES, NOW, SLEEP, TIDES, every_form, explored, full, match, paper, sample

from litwatch.digest import frame, slack
from litwatch.digest.compose import Candidate, Drawn, compose, explore
from litwatch.digest.content import content
from litwatch.digest.payload import Form, fit
from litwatch.digest.room import Edition, shed, whole
from litwatch.digest.wording import aside, how_to_mark
from litwatch.model import Digest, Line


def drawn(number: int, score: float, *, near: bool = False, chance: float = 0.1, line: Line = SLEEP) -> Drawn:
    found = paper(number, f"Paper {number}")
    return Drawn(
        candidate=Candidate(match=match(found, line, score), paper=found), chance=chance, near=near, also=(GLASS.slug,)
    )


def made(*found: Drawn, placed: int = 2, left_out: int = 3) -> Digest:
    papers = [paper(number, f"Paper {number}") for number in range(placed)]
    digest = compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        lines=LINES,
        candidates=[Candidate(match=match(each, SLEEP, 0.5), paper=each) for each in papers],
        beyond={SLEEP.slug: left_out},
        changes={},
        coverage=COVERAGE,
        top=placed,
        threshold=0.5,
        now=NOW,
    )
    return explore(digest, found, lines=LINES, threshold=0.5)


def test_they_stand_after_all_others_and_take_nobodys_place() -> None:
    section = made(drawn(11, 0.05, near=True), drawn(12, 0.9)).sections[0]
    assert [(entry.paper.arxiv_id, entry.chance, entry.near) for entry in section.entries] == [
        ("2511.90000", None, False),
        ("2511.90001", None, False),
        ("2511.90012", 0.1, False),
        ("2511.90011", 0.1, True),
    ]
    assert section.entries[-1].also == (GLASS.slug,)


def test_one_that_had_no_room_is_left_out_no_more_and_a_near_miss_never_was() -> None:
    assert [made(*found).sections[0].left_out for found in ((), (drawn(11, 0.2),), (drawn(11, 0.05, near=True),))] == [
        3,
        2,
        3,
    ]


def test_a_line_that_the_digest_does_not_have_gets_none() -> None:
    digest = made()
    assert explore(digest, [drawn(11, 0.2, line=replace(SLEEP, slug="other"))], lines=LINES, threshold=0.5) == digest


def test_they_are_not_counted_as_news() -> None:
    digest = made(drawn(11, 0.05, near=True))
    assert frame.tally(digest) == "2 papers"
    assert frame.summary(digest).startswith("2 papers on 1 line:")
    alone = made(drawn(11, 0.05, near=True), placed=0, left_out=0)
    assert frame.tally(alone) == "no new papers"
    assert frame.summary(alone) == "Nothing new bore on your lines; 1,912 papers read."
    assert whole(alone).quiet == tuple(line.slug for line in LINES if line != SLEEP), "it tells something"
    assert [section.line for section in whole(alone).told] == [SLEEP.slug]


def test_where_room_is_short_they_go_first_and_a_near_miss_is_not_counted() -> None:
    digest = made(drawn(11, 0.2), drawn(12, 0.05, near=True), drawn(13, 0.04, near=True, line=TIDES))
    told = []
    for n in range(5):
        cut = shed(digest, n)
        told.append(([entry.paper.arxiv_id[-2:] for entry in cut.entries], cut.sections[0].left_out))
    assert told == [
        (["00", "01", "11", "12", "13"], 2),
        (["00", "01", "11", "12"], 2),
        (["00", "01", "11"], 2),
        (["00", "01"], 3),
        (["00"], 4),
    ]


def test_a_line_of_which_only_a_near_miss_was_to_be_told_is_quiet_without_room_for_it() -> None:
    digest = made(drawn(13, 0.04, near=True, line=TIDES))
    cut = Edition(whole=digest, cut=shed(digest, 1))
    assert TIDES.slug in cut.quiet
    assert cut.beyond == ()


@pytest.mark.parametrize("form", [Form.MAIL, Form.SLACK, Form.TEXT])
def test_each_form_marks_them_and_says_how_to_mark_them_and_how_to_stop_them(form: Form) -> None:
    payload = fit(explored(), form).payload
    for said in (payload.text, payload.html, str(payload.slack)):
        if said not in ("", "()"):
            words = " ".join(said.split())
            assert words.count("A look beyond") == 2
            assert words.count("drawn by chance, 1") == 3
            assert "litwatch mark sleep-and-memory 2511.90031 useful" in words
            assert "explore = 0" in words


def test_a_digest_without_them_says_nothing_of_them() -> None:
    message = every_form(sample())
    for said in (message.text, message.html, str(message.slack)):
        assert "chance" not in said
        assert "litwatch mark" not in said


def test_a_full_message_has_no_room_for_them_and_does_not_speak_of_them() -> None:
    digest = full()
    watched = [replace(SLEEP, slug=section.line) for section in digest.sections]
    with_it = explore(digest, [drawn(11, 0.05, near=True, line=watched[0])], lines=watched, threshold=0.5)
    assert len(with_it.entries) == len(digest.entries) + 1
    assert slack.blocks_of(slack.edition_of(with_it)) == slack.blocks_of(slack.edition_of(digest))


def test_scripts_are_told_the_chance() -> None:
    entries = [entry for part in content(explored())["sections"] for entry in part["entries"]]  # type: ignore[attr-defined]
    assert {entry["arxiv_id"]: entry["explored"] for entry in entries if entry["explored"]} == {
        "2511.90030": 1 / 2,
        "2511.90031": 1 / 1270,
        "2511.90032": 1 / 64,
    }
    assert all("explored" in entry for entry in entries)


@pytest.mark.parametrize(
    ("chance", "odds"),
    [
        (1 / 1270, "1 in 1,270"),
        (0.09, "1 in 11"),
        (0.4, "2 in 5"),
        (0.5, "1 in 2"),
        (2 / 3, "2 in 3"),
        (0.75, "3 in 4"),
        (0.97, "9 in 10"),
    ],
)
def test_odds_are_named_as_they_are(chance: float, odds: str) -> None:
    (entry,) = made(drawn(11, 0.2, chance=chance), placed=0).entries
    assert aside(entry).replace("\u00a0", " ").endswith(f"drawn by chance, {odds}")


def test_where_all_there_were_are_told_no_odds_are_named() -> None:
    (entry,) = made(drawn(11, 0.2, chance=1.0), placed=0).entries
    message = every_form(made(drawn(11, 0.2, chance=1.0), placed=0))
    assert "drawn by chance\n" in message.text
    assert how_to_mark(entry, SLEEP.slug) != ""
    assert how_to_mark(replace(entry, chance=None), SLEEP.slug) == ""
