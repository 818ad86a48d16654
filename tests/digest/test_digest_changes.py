"""How a change of standing is told; all is invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from litwatch.digest.content import status_change
from litwatch.digest.wording import change
from litwatch.model import Claim, Edit, Stance, Status, StatusChange

AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
CLAIM = Claim(id="c6", text="It warms.")


@pytest.mark.parametrize(
    ("edit", "after", "told"),
    [
        (Edit.REWORDED, Status.OPEN, "c6: contradicted → open, since you reworded it on 21 Nov"),
        (Edit.RETIRED, Status.RETIRED, "c6: contradicted → retired, since you retired it on 21 Nov"),
        (Edit.TAKEN_UP, Status.OPEN, "c6: contradicted → open, since you took it up again on 21 Nov"),
        (Edit.RETURNED, Status.OPEN, "c6: contradicted → open, since you put it into the file again on 21 Nov"),
        (Edit.BESIDE, Status.OPEN, "c6: contradicted → open, since you edited the claims beside it on 21 Nov"),
    ],
)
def test_what_an_edit_did_is_told_as_the_readers_own_doing(edit: Edit, after: Status, told: str) -> None:
    moved = StatusChange(claim=CLAIM, before=Status.CONTRADICTED, after=after, edit=edit, at=AT)
    assert change(moved) == told
    row = status_change(moved)
    assert (row["edit"], row["at"], row["arxiv_id"]) == (str(edit), "2025-11-21T09:00:00Z", "")


def test_a_claim_reworded_before_it_moved_says_so() -> None:
    moved = StatusChange(
        claim=CLAIM,
        before=Status.CONTRADICTED,
        after=Status.CONTESTED,
        arxiv_id="2511.90001",
        stance=Stance.CONTRADICTS,
        candidate=True,
        reworded=AT,
    )
    assert change(moved) == "c6, reworded on 21 Nov: contradicted → contested, by arXiv:2511.90001 (a candidate)"
    assert status_change(moved)["reworded"] == "2025-11-21T09:00:00Z"
