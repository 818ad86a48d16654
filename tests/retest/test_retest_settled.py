"""How a reader settles in the watchlist what is durable and what is perishable."""

from __future__ import annotations

from pathlib import Path

import pytest

from litwatch.errors import WatchlistError
from litwatch.lines.edits import add_line, update_file
from litwatch.lines.merging import fingerprint
from litwatch.lines.watchlist import load_line, parse_watchlist
from litwatch.lines.writing import dump_line
from litwatch.model import Claim, ClaimKind, Durability, Line
from litwatch.store.claims import claim_digest

LINE = Line(
    slug="here",
    question="Does care scale?",
    claims=(
        Claim(id="c1", kind=ClaimKind.NOTE, title="Does it?", text="Care depends on time."),
        Claim(id="c2", kind=ClaimKind.NOTE, title="How much?", text="Warm models err by 5 points more."),
    ),
)


def durabilities(text: str) -> list[Durability | None]:
    return [claim.durability for claim in parse_watchlist(text, Path("here.yaml")).line.claims]


def test_a_claim_says_which_it_is_and_one_that_does_not_is_not_settled() -> None:
    text = """
question: Does care scale?
claims:
  - {id: c1, text: Care depends on time., durability: durable}
  - {id: c2, kind: note, durability: perishable, text: It errs by 5 points.}
  - text: People lie.
"""

    assert durabilities(text) == [Durability.DURABLE, Durability.PERISHABLE, None]


def test_kind_says_it_too_of_a_claim_in_plain_words() -> None:
    text = "question: Does care scale?\nclaims:\n  - {id: c1, kind: perishable, text: It errs by 5 points.}\n"

    (claim,) = parse_watchlist(text, Path("here.yaml")).line.claims

    assert (claim.kind, claim.durability) == (ClaimKind.PLAIN, Durability.PERISHABLE)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("durability: forever", "unknown durability 'forever'; write durable or perishable"),
        ("kind: durable, durability: perishable", "the claim is durable and 'perishable'; take one of the two out"),
        ("kind: lasting", "unknown kind 'lasting'; write note, finding or plain"),
    ],
)
def test_any_other_word_is_named_with_its_line(entry: str, says: str) -> None:
    text = f"question: Does care scale?\nclaims:\n  - {{id: c1, text: It errs., {entry}}}\n"

    with pytest.raises(WatchlistError, match=r"here\.yaml:3: ") as caught:
        parse_watchlist(text, Path("here.yaml"))

    assert says in str(caught.value)


@pytest.mark.parametrize("settled", [None, *Durability])
def test_what_is_settled_is_written_and_read_back(settled: Durability | None) -> None:
    claims = tuple(Claim(id=c.id, kind=c.kind, title=c.title, text=c.text, durability=settled) for c in LINE.claims)
    line = Line(slug="here", question=LINE.question, claims=claims)

    assert parse_watchlist(dump_line(line), Path("here.yaml")).line == line


def test_settling_a_claim_has_it_judged_no_other_way() -> None:
    plain, settled = (Claim(id="c1", text="Care.", durability=one) for one in (None, Durability.DURABLE))

    assert claim_digest(plain) == claim_digest(settled)
    assert fingerprint(plain) == fingerprint(settled)


@pytest.mark.parametrize("changed", ["", " and of trust"], ids=["the same page", "a page that reads otherwise"])
def test_the_page_read_again_leaves_what_the_reader_settled(tmp_path: Path, changed: str) -> None:
    path = add_line(LINE, tmp_path).path
    path.write_text(path.read_text().replace("kind: note\n", "kind: note\n    durability: durable\n", 1))

    text = f"Care depends on time{changed}."
    again = (Claim(id="c1", kind=ClaimKind.NOTE, title="Does it?", text=text), LINE.claims[1])
    update_file(path, Line(slug="here", question=LINE.question, claims=again))

    first, second = load_line(path).claims
    assert (first.text, first.durability, second.durability) == (text, Durability.DURABLE, None)
