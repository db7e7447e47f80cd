"""Time in quarters: the only clock of the simulator."""

import datetime
from dataclasses import dataclass
from typing import Self

EVE = -1                       # of a run, the quarter before its first


def quarter_of(date: datetime.date) -> int:
    """Whole quarters since year 0 of the quarter that holds `date`.

    >>> import datetime
    >>> quarter_of(datetime.date(2021, 5, 1)) - quarter_of(datetime.date(2021, 1, 31))
    1
    """
    return date.year * 4 + (date.month - 1) // 3


def first_day(quarter: float) -> datetime.date:
    """The day on which a quarter begins, counted since year 0."""
    return datetime.date(int(quarter) // 4, int(quarter) % 4 * 3 + 1, 1)


def label(quarter: int) -> str:
    """A quarter as people write it.

    >>> import datetime
    >>> label(quarter_of(datetime.date(2021, 5, 1)))
    '2021-Q2'
    """
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def numbered(label: str) -> int:
    """Whole quarters since year 0 of a quarter as people write it.

    >>> label(numbered("2021-Q2"))
    '2021-Q2'
    """
    year, number = str(label).split("-Q")
    return int(year) * 4 + int(number) - 1


@dataclass(frozen=True)
class Calendar:
    """The quarters of a run: `first` .. `first + length - 1`, counted since year 0."""

    first: int
    length: int

    @classmethod
    def between(cls, start: datetime.date, end: datetime.date) -> Self:
        """The quarters from the one that holds `start` to the one that holds `end`, both included."""
        first = quarter_of(start)
        return cls(first, quarter_of(end) - first + 1)

    @property
    def start(self) -> datetime.date:
        """The first day of the first quarter."""
        return first_day(self.first)

    def index(self, date: datetime.date) -> int:
        """Quarters from the start of the run to `date`; negative before, >= length after the end."""
        return quarter_of(date) - self.first

    def labels(self) -> list[str]:
        """Label of the opening state (the quarter before the first) and of every quarter's close."""
        return [label(self.first + k) for k in range(-1, self.length)]

    def year_of(self, quarter: int) -> int:
        """The calendar year of a quarter of the run."""
        return (self.first + quarter) // 4

    def years(self) -> list[int]:
        """Calendar years of the run."""
        return list(range(self.year_of(0), self.year_of(self.length - 1) + 1))
