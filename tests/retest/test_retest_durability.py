"""What a claim's words say of how long it may hold. All claims here are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litwatch.model import Claim, Durability, Finding
from litwatch.retest.durability import proposed

PERISHABLE = {
    "a percentage": ("Retrieval raises accuracy by 12.5% on long questions.", "12.5%"),
    "percentage points": ("Warm replies cost 10–30 percentage points of accuracy.", "10-30 percentage points"),
    "a count of hits": ("The reader found 66 of 80 slips.", "66 of 80"),
    "a year": ("The tools of 2024 slow their users down.", "2024"),
    "a model's name": ("Answers of GPT-4o are taken for those of a person.", "GPT-4o"),
    "a version": ("Llama 3 writes the same poem for everybody.", "Llama 3"),
    "the present": ("Current models cannot keep a secret.", "Current models"),
    "the state of the art": ("State-of-the-art agents lose the thread.", "State-of-the-art agents"),
    "a hedge of time": ("Whether it helps in a second conversation remains untested.", "remains untested"),
    "not yet": ("Small judges are not yet ready for the clinic.", "not yet"),
    "one turn": ("The gain was seen in single-turn chats.", "single-turn"),
    "a superlative": ("Debate outperforms a lone agent.", "outperforms"),
    "what models fail at": ("Language models fail to notice irony.", "models fail"),
}
DURABLE = {
    "a distinction": ("Empathy is not the same as warmth.", "is not the same"),
    "a condition": ("A useful answer depends on who asks.", "depends on"),
    "a cause": ("Readers trust it because it sounds sure.", "because"),
    "a proof": ("A watermark that nobody can erase is impossible.", "impossible"),
    "a law": ("Detection becomes more reliable with length.", "more reliable with length"),
}


@pytest.mark.parametrize(("text", "words"), PERISHABLE.values(), ids=PERISHABLE)
def test_what_was_measured_on_some_systems_at_some_time_is_perishable(text: str, words: str) -> None:
    found = proposed(Claim(id="c1", text=text))

    assert found.durability is Durability.PERISHABLE
    assert found.reason.startswith("it rests on ")
    assert f"“{words}”" in found.reason.replace("–", "-")


@pytest.mark.parametrize(("text", "words"), DURABLE.values(), ids=DURABLE)
def test_what_says_how_things_hang_together_is_durable(text: str, words: str) -> None:
    found = proposed(Claim(id="c1", text=text))

    assert found.durability is Durability.DURABLE
    assert found.reason.startswith("it states ")
    assert f"“{words}”" in found.reason


def test_where_nothing_speaks_a_claim_is_taken_for_durable_and_the_reason_says_so() -> None:
    found = proposed(Claim(id="c1", text="People lie to their diaries."))

    assert (found.durability, found.cues) == (Durability.DURABLE, ())
    assert found.reason == "it names no figure, no date, no system and no limit of its time"


def test_a_claim_of_both_kinds_says_what_of_it_would_pass() -> None:
    text = "Care depends on knowing a person over years. Current AI cannot know anybody."

    found = proposed(Claim(id="c1", text=text))

    assert {cue.side for cue in found.cues} == set(Durability)
    assert "what would pass: " in found.reason or "what speaks for more: " in found.reason


def test_what_a_heading_asks_is_no_part_of_what_is_claimed() -> None:
    claim = Claim(id="c1", title="Is GPT-4 the best of 2024?", text="Is it 50% better? Trust depends on habit.")

    assert proposed(claim).durability is Durability.DURABLE


def test_a_finding_that_restates_the_claim_is_read_too() -> None:
    claim = Claim(id="c1", text="Warm replies are less exact.")
    restated = replace(claim, findings=(Finding(text="Accuracy fell by 19.4%.", dated="2025"),))

    assert proposed(claim).durability is Durability.DURABLE
    assert proposed(restated).durability is Durability.PERISHABLE


def test_many_figures_weigh_as_one() -> None:
    one = proposed(Claim(id="c1", text="It fell by 5%."))
    many = proposed(Claim(id="c1", text="It fell by 5%, 6%, 7% and 8%."))

    assert one == many


def test_what_the_reader_settled_is_not_looked_at() -> None:
    claim = Claim(id="c1", text="It fell by 5%.", durability=Durability.DURABLE)

    assert proposed(claim).durability is Durability.PERISHABLE
