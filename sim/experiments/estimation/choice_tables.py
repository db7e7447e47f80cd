"""Choices from a table as choice data are published: long, a row a chooser and alternative, or wide, a row a chooser.

    FirmTable + Spec[TableFile]  ->  TableChoices, DataReport

A chooser whose choice is none of the alternatives, who lacks a number that is
asked for, or who had no choice, is dropped for a reason that is told.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.experiments.estimation import choice_grid, firm_tables, table_regressors
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation.choice_grid import same
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.data_report import DataReport
from sim.experiments.estimation.firm_tables import FIRST_ROW, FirmTable
from sim.experiments.estimation.spec import Spec
from sim.experiments.estimation.table_spec import FEWEST, TableFile

YES, NO = ("1", "yes", "true", "t", "y", "是", "chosen"), ("0", "no", "false", "f", "n", "否", "", "na")
MOST_STRANGE = 0.5             # of the choosers, below which a column is not that of the choice
NOUGHT = (*NO, "-1")           # of availability


class TableChoices(NamedTuple):
    """Choices of a table, and what goes with them."""

    choices: Choices
    alternatives: tuple[str, ...]
    decider: NDArray[np.object_]           # (chooser,) texts


def read(table: FirmTable, spec: Spec[TableFile]) -> tuple[TableChoices, DataReport]:
    """The choices and what became of the rows; InputError where the table has none that can be used."""
    report = DataReport()
    report.count(_("rows read"), len(table.frame))
    kept = _kept_rows(table, spec, report)
    if not kept.any():
        raise InputError(Problem(table.file, "", _("no row is left"), remedy=_("other cells in table.rows")))
    grid = (choice_grid.wide if spec.values.table.shape == "wide" else choice_grid.long)(table, spec, kept)
    report.count(_("choosers"), len(grid.row))
    chosen = _chosen(grid)
    available = grid.row >= 0                                # it has a row, and the column does not say no
    if column := spec.values.table.available:
        available &= ~same(_lower(grid.cells(column, "table.available")), list(NOUGHT))
    x, names = table_regressors.columns(grid)
    whole = np.isfinite(x).all(axis=2)
    left = np.ones(len(grid.row), bool)
    for what, bad in (
            (_("choosers whose choice is none of the alternatives, or several"), chosen < 0),
            (_("choosers whose choice is not available"), ~available[np.arange(len(chosen)), np.maximum(chosen, 0)]),
            (_("choosers of whom a number is missing that a regressor needs"), (available & ~whole).any(axis=1)),
            (_("choosers with one alternative only"), available.sum(axis=1) < FEWEST)):
        left = _drop(report, what, bad, left, grid)
    if not left.any():
        raise InputError(Problem(table.file, "", _("no chooser is left"), remedy="; ".join(
            f"{line['what']} ({line['rows']})" for line in report.lines if line["first_row"])))
    report.count(_("choices kept"), int(left.sum()))
    x = np.where((available & whole)[..., None], x, 0.0)[left]
    made = logit.choices(x, chosen[left], names, available[left])
    return TableChoices(made, grid.alternatives, _decider(grid)[left]), report


def _kept_rows(table, spec, report):
    """(row,) whether the spec keeps it."""
    kept = np.ones(len(table.frame), bool)
    for name, wanted in spec.values.table.rows.items():
        cells = firm_tables.column(table, name, spec.where(("table", "rows", name)), f"table.rows.{name}")
        kept = report.drop(_("the spec leaves it out (table.rows)"), ~same(cells.to_numpy(object), wanted), kept, cells)
    return kept


def _chosen(grid):
    """(chooser,) number of the alternative, -1 for none or several."""
    cells = grid.cells(grid.spec.values.table.chosen, "table.chosen")
    lower = {each: each.lower() for each in set(cells.ravel().tolist()) if each is not None}
    told = set(lower.values())
    if grid.spec.values.table.shape == "long" and told <= {*YES, *NO} and told & set(YES) and (
            told & set(NO) or not told <= {code.lower() for code in grid.codes}):
        hit = np.array([lower.get(each) in YES for each in cells.ravel().tolist()], bool).reshape(cells.shape)
    else:
        hit = np.stack([same(cells[:, k], [code]) for k, code in enumerate(grid.codes)], axis=1)
        _refuse_strange(grid, cells, hit)
    return np.where(hit.sum(axis=1) == 1, hit.argmax(axis=1), -1)


def _refuse_strange(grid, cells, hit):
    """InputError where most choices are none of the alternatives: it is another column, or they have other codes."""
    told = hit.any(axis=1)
    if told.mean() < MOST_STRANGE:
        strange = cells[~told].ravel().tolist()
        raise InputError(grid.spec.problem(
            ("table", "chosen"), _("only {some:,} of {all:,} choosers have one of the alternatives in this column; "
                                   "the first other cell is {cell}", all=len(told), some=int(told.sum()),
                                   cell=repr(next((each for each in strange if each), ""))), one_of(grid.codes),
            _("name the column of the choice, or give the codes of the file as table.codes")))


def _lower(cells):
    return np.array([each if each is None else each.lower() for each in cells.ravel().tolist()], object).reshape(
        cells.shape)


def _drop(report, what, bad, left, grid):
    """Choosers still left without those that are bad; the first of these is shown by its row."""
    gone = np.flatnonzero(bad & left)
    if len(gone):
        report.dropped_rows(what, len(gone), int(grid.first[gone[0]]) + FIRST_ROW)
    return left & ~bad


def _decider(grid):
    column = grid.spec.values.table.decider
    if not column:
        return np.arange(len(grid.row)).astype(str).astype(object)
    return firm_tables.column(grid.table, column, grid.spec.where(("table", "decider")),
                              "table.decider").to_numpy(object)[grid.first]
