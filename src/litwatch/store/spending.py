"""What asking a language model takes, month by month in UTC, over all processes on the store.

A request reserves the most that it can take before it goes out, and gives back what it did not take: who dies in
between has spent it all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from litwatch.store.schema import spending

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Amount:
    """Of tokens, and of money in whatever currency the prices are in."""

    tokens: float = 0.0
    money: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(tokens=self.tokens + other.tokens, money=self.money + other.money)

    def fits(self, most: Amount) -> bool:
        # Sums of prices are not exact: the last request that fits must not fail by a rounding.
        return self.tokens <= most.tokens and self.money <= most.money * (1 + _ROUNDING)


def month_of(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m}"


def spent(db: Connection, month: str) -> Amount:
    row = db.execute(select(spending).where(spending.c.month == month)).one_or_none()
    return Amount(tokens=row.tokens, money=row.money) if row else Amount()


def requests_of(db: Connection, month: str) -> int:
    return db.execute(select(spending.c.requests).where(spending.c.month == month)).scalar() or 0


def reserve(db: Connection, month: str, amount: Amount, *, most: Amount) -> bool:
    """Counts a request of at most this amount; False, and nothing is counted, where the month has no room for it.

    db: of a transaction that writes: one writes at a time, so that several processes together do not overspend.
    """
    after = spent(db, month) + amount
    if not after.fits(most):
        return False
    row = db.execute(select(spending.c.requests).where(spending.c.month == month)).one_or_none()
    if row is None:
        values = {"month": month, "tokens": after.tokens, "money": after.money, "requests": 1}
        db.execute(insert(spending).values(**values))
    else:
        values = {"tokens": after.tokens, "money": after.money, "requests": row.requests + 1}
        db.execute(update(spending).where(spending.c.month == month).values(**values))
    return True


def settle(db: Connection, month: str, *, reserved: Amount, used: Amount) -> None:
    """Puts what a request took in the place of what was reserved for it."""
    before = spent(db, month)
    values = {
        "tokens": max(0.0, before.tokens - reserved.tokens + used.tokens),
        "money": max(0.0, before.money - reserved.money + used.money),
    }
    db.execute(update(spending).where(spending.c.month == month).values(**values))
