"""Tables of a page: plain rows and columns, one number a cell, so that they can be copied."""

import re
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import xarray as xr

from sim.base.csv_files import read_csv
from sim.base.printed import decimals
from sim.metrics.counting import groups
from sim.plots.common.words import moment, names, rings
from sim.report.words import word

UNKNOWN = "–"
NUMBER = re.compile(r"[+−-]?\d[\d,]*(\.\d+)?(%?[–～]\d[\d,]*(\.\d+)?)?%?")


class Faint(str):
    """A cell that cannot be distinguished from zero: a page shows it in grey."""


@dataclass(frozen=True)
class Table:
    """A heading, names of columns, and rows whose first cell names the row."""

    title: str
    head: list
    rows: list

    @property
    def has_faint(self) -> bool:
        """Whether a cell of it is faint, which the page then explains."""
        return any(isinstance(one, Faint) for row in self.rows for one in row)

    @cached_property
    def wordy(self) -> set[int]:
        """Positions of the columns that hold words, few numbers if any: they stand to the left, heads and cells."""
        columns = [[str(one) for one in column if one != UNKNOWN] for column in zip(*self.rows, strict=True)]
        return {k for k, cells in enumerate(columns) if 2 * sum(map(has_words, cells)) > len(cells)}


def has_words(value: str) -> bool:
    """Whether a cell holds something else than a number, a percentage or a range of them.

    >>> has_words("Xicen"), has_words("+1,234.5"), has_words("−3%"), has_words("25%～30%"), has_words("2040-Q4")
    (True, False, False, False, True)
    """
    return not NUMBER.fullmatch(value)


def of_run(summary: BytesIO, data: xr.Dataset, lang: str) -> list[Table]:
    """Tables of a run from its summary.csv, open: headquarters by group and by place, then the other counts."""
    table = read_csv(summary)
    comma = word("colon", lang)
    groups_of = {level: {one: names(data, level, lang)[one] for one in shown}
                 for level, shown in (("ring", rings(data, lang)), ("jurisdiction", groups(data, "jurisdiction")))}
    sites = data.coords.to_dataset().sortby("order")
    found = [Table(word(measure, lang) + comma + word("by_group", lang),
                   *_cells(table, measure, {"zone": {"zone": word("zone", lang)}, **groups_of}, lang))
             for measure in ("headquarters", "enterprises", "employment")]
    by_site = Table(word("headquarters", lang) + comma + word("by_site", lang),
                    *_cells(table, "headquarters", {"site": names(sites, "site", lang)}, lang))
    return [found[0], by_site, *found[1:]]


def _cells(table, measure, places, lang):
    """Head and rows: the mean at every date, then percentiles and standard error at the last."""
    table = table[table["measure"] == measure]
    dates = list(dict.fromkeys(table["quarter"]))
    head = [word("place", lang), *(moment(date, lang) for date in dates),
            *(word(key, lang, quarter=moment(dates[-1], lang)) for key in ("p05", "p95", "se"))]
    known = {(row.level, row.place, row.quarter): row for row in table.itertuples()}
    fine = measure != "employment"
    rows = [[name, *_numbers([known[level, one, date] for date in dates], fine)]
            for level, named in places.items() for one, name in named.items()]
    return head, rows


def _numbers(moments, fine):
    last = moments[-1]
    values = [*(one.mean for one in moments), last.p05, last.p95, last.se]
    return [number(value, fine) for value in values]


def number(value: float, fine: bool = True) -> str:
    """A number of a table: one decimal, none for large counts; a dash for what is not known.

    >>> number(3.14159), number(-1022337.4, fine=False), number(float("nan"))
    ('3.1', '-1,022,337', '–')
    """
    return "–" if value != value else decimals(value, 1 if fine else 0)
