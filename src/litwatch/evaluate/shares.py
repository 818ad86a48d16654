"""Shares of useful papers among those that the reader marked, and how they change from one time to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litwatch.evaluate.measures import difference_of_shares, wilson

FEWEST = 5
"""Marks on either side without which nothing is compared: one more could turn it over."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """Of useful papers among those marked, with its 95 % interval (Wilson 1927)."""

    told: int
    marked: int
    useful: int

    @property
    def value(self) -> float | None:
        """None where nothing is marked."""
        return self.useful / self.marked if self.marked else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        return wilson(self.useful, self.marked) if self.marked else None

    def as_json(self) -> dict[str, Any]:
        low, high = self.bounds or (None, None)
        figures = {"value": self.value, "low": low, "high": high}
        return {**rounded(figures), "marked": self.marked, "told": self.told}


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """What the marks do not tell, and why."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Period:
    """A month ("2025-11") or a quarter ("2025-Q4") in UTC, by when papers were told."""

    name: str
    share: Share


@dataclass(frozen=True, kw_only=True)
class Change:
    """The last period's precision less that of all before it, with its 95 % interval (Newcombe 1998)."""

    value: float
    low: float
    high: float

    @property
    def says(self) -> str:
        """ "better" or "worse" only where the interval does not hold 0."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "not clear"

    def as_json(self) -> dict[str, Any]:
        return {"says": self.says, **rounded({"value": self.value, "low": self.low, "high": self.high})}


def compare(drift: Sequence[Period]) -> Change | Unknown:
    """The last of these periods with all before it."""
    if len(drift) < 2:
        return Unknown(why=f"there is nothing to compare yet: marks are on {len(drift) or 'no'} period")
    last = drift[-1].share
    marked, useful = (sum(getattr(p.share, name) for p in drift[:-1]) for name in ("marked", "useful"))
    if min(last.marked, marked) < FEWEST:
        few = f"{_counted(last.marked)} on the last period and {marked} on those before it"
        return Unknown(why=f"there are too few marks to compare: {few}, {FEWEST} on either are needed")
    value, low, high = difference_of_shares(last.useful, last.marked, useful, marked)
    return Change(value=value, low=low, high=high)


def rounded(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if figure is None else round(figure, 4) for name, figure in figures.items()}


def _counted(marks: int) -> str:
    return "1 mark" if marks == 1 else f"{marks} marks"
