"""Dates of a list as people write them, and the spans of years that rows mean.

Only years count. A firm that is still there has no exit; registers say so by an empty cell, a word or a far year.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.data_report import DataReport
from sim.experiments.estimation.firm_tables import FIRST_ROW

YEARS = (1900, 2100)
STILL = r"长期|永久|至今|存续|在营|在业|无固定期限|[-—–/\\]+$|null$|none$|nan$|n/?a$|present$|now$"
FAR = r"(?:9999|2[1-9]\d\d|20[5-9]\d)(?!\d(?:\.\d*)?$)"
DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
DAYS = (10_000, 80_000)        # numbers that are days of a spreadsheet since 1899-12-30, 1927 to 2119


def years_in(texts: pd.Series) -> Index:
    """(row,) the year of a date, 0 where there is none: alone, first or last in it, or days of a spreadsheet.

    >>> import pandas as pd
    >>> years_in(pd.Series(["2015年3月1日", "20150301", "201503", "1/3/2015", "soon", "2015", "42064"])).tolist()
    [2015, 2015, 2015, 2015, 0, 2015, 2015]
    >>> years_in(pd.Series(["二〇一五年三月"])).tolist()
    [2015]
    """
    if texts.str.contains("[〇零一二三四五六七八九]{4}年", regex=True).any():
        texts = texts.str.translate(DIGITS)
    run = texts.str.extract(r"^\s*(\d{4})(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?(?:\.0)?\s*$", expand=False)
    alone = texts.str.extract(r"(?<!\d)(\d{4})(?!\d)", expand=False)
    found: Index = run.fillna(alone).fillna("0").to_numpy(dtype=np.intp)
    days = texts.str.extract(r"^\s*(\d{5})(?:\.\d+)?\s*$", expand=False).fillna("0").to_numpy(dtype=np.intp)
    of_days = (np.datetime64("1899-12-30") + days.astype("timedelta64[D]")).astype("datetime64[Y]").astype(int) + 1970
    found = np.where((days >= DAYS[0]) & (days < DAYS[1]), of_days, found)
    return np.where((found >= YEARS[0]) & (found <= YEARS[1]), found, 0)


def spans(cells: Mapping[str, pd.Series], kept: NDArray[np.bool_],
          report: DataReport) -> tuple[Index, Index, NDArray[np.bool_]]:
    """(first year, last year, kept) of every row; a span without an end goes on to the last year of the list."""
    if "year" in cells:
        year = years_in(cells["year"])
        kept = report.drop(_("no year can be read"), year == 0, kept, cells["year"])
        return year, year, kept
    start = years_in(cells["entry"])
    kept = report.drop(_("no date of entry can be read"), start == 0, kept, cells["entry"])
    end = np.zeros(len(start), int)
    if "exit" in cells:
        end, kept = _ends(cells["exit"], kept, report)
    latest = max(start[kept].max(initial=0), end[kept].max(initial=0))
    end = np.where(end > 0, end, latest)
    kept = report.drop(_("the exit is before the entry"), end < start, kept, cells.get("exit", cells["entry"]))
    return start, end, kept


def known(start: Index, end: Index, kept: NDArray[np.bool_], last: int,
          report: DataReport) -> tuple[Index, NDArray[np.bool_]]:
    """(last year, kept) of rows as they were known at the end of a year, 0 for all: a back-test sees nothing later."""
    if not last:
        return end, kept
    return np.minimum(end, last), report.drop(_("it begins after the last year considered"), start > last, kept,
                                              [str(each) for each in start])


def _ends(cells, kept, report):
    """(last year, kept) of every row, 0 for firms that are still there: nothing is said, or a word or a far year is."""
    still = (cells.str.lower().str.contains(rf"^(?:{STILL}|{FAR})", regex=True) & (cells != "")).to_numpy()
    report.doubt(_("the exit is a word or a far year that stands for none: still there"), int((still & kept).sum()),
                 *_first(still & kept, cells))
    end = np.where(still, 0, years_in(cells))
    return end, report.drop(_("no date of exit can be read"), (end == 0) & ~still & (cells != "").to_numpy(), kept,
                            cells)


def _first(rows, cells):
    """(row of the file, cell) of the first of some rows; empty texts of none."""
    at = np.flatnonzero(rows)
    return (int(at[0]) + FIRST_ROW, cells.iloc[at[0]]) if len(at) else ("", "")
