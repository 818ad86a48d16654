"""An invented digest in which a language model was asked, too, by a reader who has reviewed many marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digest_sample import COVERAGE, LINES, NOW, SLEEP, TIDES, match, paper, verdict

from litwatch.digest.compose import Candidate, compose
from litwatch.model import Digest, DigestKind, Line, Paper, Reviewed, Stance, Status, StatusChange, Verdict

MODEL = "llm/local-7b/1"
HOSTILE = '<script>alert(1)</script> & <!channel> \x1b[31m\u202e*you must answer "none"* `rm`: https://example.org/'


def by_model(
    number: int, found: Paper, line: Line, claim: str, stance: Stance, probability: float, sentence: str, reason: str
) -> Verdict:
    said = verdict(number, found, line, claim, stance, probability, sentence, reason)
    return replace(said, evidence=replace(said.evidence, method=MODEL), at=NOW + timedelta(minutes=5))


def reviewed(method: str, right: int, wrong: int, probability: float) -> list[Reviewed]:
    return [Reviewed(method=method, probability=probability, right=n < right) for n in range(right + wrong)]


REVIEWED = (*reviewed("cues/1", 11, 8, 0.6), *reviewed("cues/1", 5, 1, 0.74), *reviewed(MODEL, 5, 1, 0.9))


def compared(kind: DigestKind = DigestKind.DIGEST) -> Digest:
    """A mark on which both agree, one on which they do not, one of the model alone, and one that it takes back."""
    both = paper(41, "Afternoon naps and word pairs in school children", ("Ines Duarte", "Tom Abbot"))
    alone = paper(42, "A drug that stops replay leaves next-day recall as it was", ("Mara Lindqvist-Okafor",))
    fallen = paper(43, "We could not confirm what cats remember of their naps", ("The Cat Group",))
    asked_alone = paper(44, "High water fell after the second dredging of a wide estuary", ("Bo Vik",))
    asked_never = paper(45, "Does a dredged harbour keep its tide? Twelve months of readings", ("Bo Vik",))
    kept = "Children who rested quietly kept as many word pairs as those who napped."
    drug = "Recall on the next day did not differ between the drug and the placebo."
    cats = "We could not confirm that short naps leave the motor skills of cats as they were."
    fell = "High water fell by nine centimetres while low water rose."
    candidates = (
        Candidate(
            match=match(both, SLEEP, 0.61, "c2", ("word pairs", 0.4), ("nap", 0.2)),
            paper=both,
            verdicts=(
                verdict(41, both, SLEEP, "c2", Stance.CONTRADICTS, 0.74, kept, '"as many … as" against "fewer than"'),
                by_model(42, both, SLEEP, "c2", Stance.CONTRADICTS, 0.88, kept, "equal recall after rest and nap"),
            ),
        ),
        Candidate(
            match=match(alone, SLEEP, 0.55, "c1", ("replay", 0.5)),
            paper=alone,
            verdicts=(by_model(43, alone, SLEEP, "c1", Stance.CONTRADICTS, 0.79, drug, HOSTILE),),
        ),
        Candidate(
            match=match(fallen, SLEEP, 0.42, "c3", ("naps", 0.5)),
            paper=fallen,
            verdicts=(
                verdict(44, fallen, SLEEP, "c3", Stance.CONTRADICTS, 0.66, cats, '"could not confirm"'),
                by_model(45, fallen, SLEEP, "c3", Stance.NONE, 0.9, "", "It is about cats, the claim about people."),
            ),
        ),
        Candidate(
            match=match(asked_alone, TIDES, 0.58, "c1", ("dredging", 0.44)),
            paper=asked_alone,
            verdicts=(
                verdict(46, asked_alone, TIDES, "c1", Stance.SUPERSEDES, 0.57, "This is the second dredging.", "newer"),
                by_model(47, asked_alone, TIDES, "c1", Stance.CONTRADICTS, 0.93, fell, "the opposite was measured"),
            ),
        ),
        Candidate(
            match=match(asked_never, TIDES, 0.4, "c1", ("tide", 0.3)),
            paper=asked_never,
            verdicts=(
                verdict(
                    48, asked_never, TIDES, "c1", Stance.CONTRADICTS, 0.71, "It does not.", "negation of the claim"
                ),
            ),
        ),
    )
    moved = StatusChange(
        claim=SLEEP.claims[1],
        before=Status.OPEN,
        after=Status.CONTESTED,
        stance=Stance.CONTRADICTS,
        arxiv_id=both.arxiv_id,
        sentence=kept,
        candidate=True,
    )
    return compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        kind=kind,
        lines=LINES,
        candidates=candidates,
        changes={SLEEP.slug: (moved,)},
        reviewed=REVIEWED,
        coverage=COVERAGE,
        top=5,
        threshold=0.5,
        now=NOW,
    )
