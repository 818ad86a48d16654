"""A paper that a line rests on, invented, and what may become of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from litwatch.model import Paper

WITHDRAWAL = "This paper has been withdrawn by its authors, since two groups were swapped"
FASTING = Paper(
    arxiv_id="2511.90001",
    title="Meal timing and the vessels",
    abstract="It is argued whether the hours of eating matter. In 412 adults with obesity, intermittent fasting lowered"
    " systolic blood pressure by 12 mmHg. The effect lasted a year.",
    comment="Invented for a test",
    categories=("q-bio.TO",),
    primary_category="q-bio.TO",
    published=datetime(2025, 11, 3, 9, tzinfo=UTC),
    updated=datetime(2025, 11, 3, 9, tzinfo=UTC),
)
NEWER = replace(FASTING, version=2, abstract=FASTING.abstract.replace("12 mmHg", "3 mmHg"))
GONE = replace(FASTING, version=2, comment=WITHDRAWAL, withdrawn=True)
EMPTIED = replace(GONE, abstract="This paper has been withdrawn because two groups were swapped.", comment="")
BACK = replace(NEWER, version=3)
