"""Where a language model and the default judge differ so far that a mark falls: pure, as the ledger counts."""

from __future__ import annotations

from litwatch import ledger
from litwatch.model import Verdict


def takes_back(counted: Verdict, other: Verdict | None, threshold: float) -> bool:
    """Whether a verdict that counts is a language model's by which what the default judge said is no mark.

    other: what stands beside it (`ledger.beside`). What the reader reviewed, of either, is settled: nothing is taken
    back there.
    """
    return (
        other is not None
        and counted.evidence.by_language_model
        and counted.review is None
        and other.review is None
        and ledger.is_marked(other, threshold)
        and not ledger.is_marked(counted, threshold)
    )
