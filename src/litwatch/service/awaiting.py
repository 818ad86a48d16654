"""Whether papers are on their way from the store to the reader: what is to tell of them waits a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litwatch.judge.base import Judge
from litwatch.judge.llm import Asks
from litwatch.model import Line
from litwatch.service.judging import judged_with
from litwatch.store.lines import line_states
from litwatch.store.matches import lines_to_judge
from litwatch.store.papers import last_text
from litwatch.store.set_aside import rows_by_name
from litwatch.store.store import Store


def papers_wait(
    store: Store, lines: Sequence[Line], judge: Judge | None, *, now: datetime, asks: Asks | None = None
) -> bool:
    """Whether a stored paper has yet to be ranked for one of these lines, or a match to be judged.

    Lines that are set aside, or paused, are not waited for; nor, without a judge, what is to be judged; nor what a
    language model will say. asks: of what one is asked besides.
    """
    with store.read() as db:
        states, newest, aside = line_states(db), last_text(db), rows_by_name(db, "line")
        at_work = [line for line in lines if line.active]
        for line in at_work:
            state = states.get(line.slug)
            if state is None:
                return True
            left_out = (row := aside.get(line.slug)) and row.holds(state.fingerprint, now)
            if state.ranked_through < newest and not left_out:
                return True
        if judge is None:
            return False
        key = judged_with(judge, asks)
        return bool(lines_to_judge(db, [line.slug for line in at_work if line.slug not in aside], key))
