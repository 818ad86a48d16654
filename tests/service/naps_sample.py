"""An invented paper on naps, as any of its versions has it."""

from __future__ import annotations

from datetime import UTC, datetime

from litwatch.model import Paper

T = datetime(2025, 11, 3, 9, tzinfo=UTC)
NAPS = "2401.00001"


def paper(version: int = 1, *, arxiv_id: str = NAPS, withdrawn: bool = False) -> Paper:
    return Paper(
        arxiv_id=arxiv_id,
        version=version,
        title="An invented trial of naps",
        abstract="Short naps keep word pairs.",
        comment="Withdrawn by the authors." if withdrawn else "",
        withdrawn=withdrawn,
        published=T,
        updated=T,
    )
