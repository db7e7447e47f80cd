"""Where the cells of choosers and alternatives stand in a table of choices, long or wide.

Both shapes are brought into one grid of choosers and alternatives, in which a cell of a column is a text, or None where
the file has no such row.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import InputError, Problem, row_of
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.experiments.estimation import firm_tables
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.firm_tables import FIRST_ROW, FirmTable
from sim.experiments.estimation.spec import Spec
from sim.experiments.estimation.table_spec import PLACE, TableFile


class Grid(NamedTuple):
    """Where the cells of choosers and alternatives stand."""

    table: FirmTable
    spec: Spec[TableFile]
    alternatives: tuple[str, ...]
    codes: tuple[str, ...]                 # of the alternatives, as the file has them
    row: Index                             # (chooser, alternative) row of the file, -1 for none

    def cells(self, column: str, key: str) -> NDArray[np.object_]:
        """(chooser, alternative) texts of a column, or of the pattern of one; None where the file has no row."""
        where = self.spec.where(tuple(key.split(".")))
        if PLACE in column:
            each = [firm_tables.column(self.table, column.replace(PLACE, name), where, key).to_numpy(object)
                    for name in self.alternatives]
            found = np.stack(each, axis=1)[self.row[:, 0]]
        else:
            found = firm_tables.column(self.table, column, where, key).to_numpy(object)[self.row]
        found[self.row < 0] = None
        return found

    @property
    def first(self) -> Index:
        """(chooser,) the first row of each."""
        return np.where(self.row >= 0, self.row, np.iinfo(self.row.dtype).max).min(axis=1)


def wide(table: FirmTable, spec: Spec[TableFile], kept: NDArray[np.bool_]) -> Grid:
    """The Grid of a table with a row a chooser, of the rows that are kept."""
    asked = spec.values.table
    rows = np.flatnonzero(kept)
    return Grid(table, spec, tuple(asked.alternatives), tuple(asked.codes or asked.alternatives),
                np.repeat(rows[:, None], len(asked.alternatives), axis=1))


def long(table: FirmTable, spec: Spec[TableFile], kept: NDArray[np.bool_]) -> Grid:
    """The Grid of a table with a row a chooser and alternative; InputError for alternatives unknown or twice there."""
    asked = spec.values.table
    rows = np.flatnonzero(kept)
    if not asked.alternative:
        return Grid(table, spec, tuple(asked.alternatives), tuple(asked.codes or asked.alternatives),
                    _blocks(table, rows, len(asked.alternatives)))
    of = _column(table, spec, "alternative")[rows]
    codes = asked.codes or asked.alternatives or sorted(set(of), key=_in_order)
    known = {_normal(code): k for k, code in enumerate(codes)}
    at = np.array([known.get(_normal(each), -1) for each in of])
    _refuse_unknown(table, spec, codes, of, at, rows)
    chooser = pd.factorize(_column(table, spec, "chooser")[rows])[0]
    grid = np.full((chooser.max(initial=-1) + 1, len(codes)), -1)
    grid[chooser, at] = rows
    _refuse_twice(table, asked.chooser, of, rows, grid[chooser, at])
    return Grid(table, spec, tuple(asked.alternatives or codes), tuple(codes), grid)


def _refuse_twice(table, column, of, rows, last):
    """InputError where a chooser has an alternative in two rows; last: (row,) the last of both."""
    again = np.flatnonzero(last != rows)
    if len(again):
        k, name = int(again[0]), firm_tables.column(table, column, "", "").iloc[int(rows[again[0]])]
        raise InputError(Problem(row_of(table.file, last[k] + FIRST_ROW), column,
                                 _("the chooser {chooser} has the alternative {name} in row {row} already",
                                   chooser=repr(name), name=repr(of[k]), row=int(rows[k]) + FIRST_ROW),
                                 _("one row a chooser and alternative"),
                                 _("remove one of the two, or name another column of choosers: one that changes with "
                                   "every choice")))


def _in_order(code):
    """Numbers in their order before texts in theirs."""
    try:
        return 0, float(code), ""
    except ValueError:
        return 1, 0.0, code


def _column(table, spec, key):
    return firm_tables.column(table, getattr(spec.values.table, key), spec.where(("table", key)),
                              f"table.{key}").to_numpy(object)


def _blocks(table, rows, wide):
    if len(rows) % wide:
        raise InputError(Problem(table.file, "", _("{rows} rows cannot be divided into blocks of {wide} alternatives",
                                                   rows=len(rows), wide=wide),
                                 remedy=_("name the columns table.chooser and table.alternative")))
    return rows.reshape(-1, wide)


def _refuse_unknown(table, spec, codes, of, at, rows):
    """InputError at the first row whose alternative is none of those that the spec names."""
    bad = np.flatnonzero(at < 0)
    if len(bad):
        name = of[bad[0]]
        raise InputError(Problem(row_of(table.file, rows[bad[0]] + FIRST_ROW), spec.values.table.alternative,
                                 _("{name} is not one of the alternatives", name=repr(name)), one_of(codes),
                                 near_miss(name, codes)))


def same(cells: NDArray[np.object_], wanted: list[str]) -> NDArray[np.bool_]:
    """Which cells are one of some texts, numbers compared as numbers: 1 is 1.0."""
    known = {_normal(each) for each in wanted}
    unique = {each: each is not None and _normal(each) in known for each in set(cells.ravel().tolist())}
    return np.array([unique[each] for each in cells.ravel().tolist()], bool).reshape(cells.shape)


def _normal(text):
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text
