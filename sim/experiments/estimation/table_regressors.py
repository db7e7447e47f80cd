"""Regressors of a table of choices: columns of alternatives, of choosers by alternative, and constants.

    V_ij = a_j + sum_k b_k x_ijk + sum_k g_jk w_ik          a, g of the reference are 0

x varies among a chooser's alternatives and has one coefficient; w is of the chooser and has one for each alternative.
"""

import re

import numpy as np
import pandas as pd

from sim.base.errors import InputError, Problem, row_of
from sim.base.messages import _
from sim.experiments.estimation import firm_tables, places
from sim.experiments.estimation.choice_grid import Grid, same
from sim.experiments.estimation.newton import Array
from sim.experiments.estimation.table_spec import PLACE

CONSTANT = "constant"
MISSING = ("", "na", "nan", "null", ".", "n/a")


def columns(grid: Grid) -> tuple[Array, tuple[str, ...]]:
    """((chooser, alternative, coefficient) values, names): nan where a number is missing; constants come last."""
    _refuse_unknown(grid)
    reference = grid.alternatives.index(grid.spec.values.table.reference) if grid.spec.values.table.reference else 0
    parts: dict[str, Array] = {}
    for name, each in grid.spec.values.regressors.items():
        values = _values(grid, name, each)
        wanted = [k for k, alternative in enumerate(grid.alternatives) if not each.of or alternative in each.of]
        if each.by_alternative:
            parts |= {f"{name}:{grid.alternatives[k]}": _only(values, [k]) for k in wanted if k != reference or each.of}
        elif each.shares:
            parts[each.shares] = parts.get(each.shares, 0.0) + _only(values, wanted)
        else:
            _refuse_flat(grid, name, values, wanted)
            parts[name] = parts.get(name, 0.0) + _only(values, wanted)
    if grid.spec.values.table.constants:
        ones = np.ones(grid.row.shape)
        parts |= {f"{CONSTANT}:{name}": _only(ones, [k]) for k, name in enumerate(grid.alternatives) if k != reference}
    return np.stack(list(parts.values()), axis=-1), tuple(parts)


def of_alternative(name: str) -> str | None:
    """The alternative that a coefficient is of, None for one that is of all; names of regressors have no colon."""
    return name.partition(":")[2] if ":" in name else None


def _refuse_unknown(grid):
    """InputError for alternatives that a long table's spec names nowhere but in nests or regressors."""
    asked, problems = grid.spec.values, []
    for nest, names in asked.models.nests.items():
        problems += [(("models", "nests", nest), name) for name in names if name not in grid.alternatives]
    for regressor, each in asked.regressors.items():
        problems += [(("regressors", regressor, "of"), name) for name in each.of if name not in grid.alternatives]
    if asked.table.reference and asked.table.reference not in grid.alternatives:
        problems.append((("table", "reference"), asked.table.reference))
    if problems:
        raise InputError([grid.spec.problem(key, _("{name} is not one of the alternatives", name=repr(name)))
                          for key, name in problems])


def _only(values, alternatives):
    """The values in some alternatives, 0 in the others."""
    found = np.zeros(values.shape)
    found[:, alternatives] = values[:, alternatives]
    return found


def _values(grid, name, each):
    """(chooser, alternative) numbers, nan where they are missing or there is no row."""
    cells = grid.cells(each.column, f"regressors.{name}.column")
    found = _numbers(grid, each.column, cells) / each.unit
    for column, wanted in each.where.items():
        found = np.where(same(grid.cells(column, f"regressors.{name}.where.{column}"), wanted), found, 0.0)
    if not each.log:
        return found
    if (found <= 0.0).any():
        raise InputError(grid.spec.problem(("regressors", name), _("it has no logarithm where it is 0 or less"),
                                           _("numbers above 0"), _("log = false")))
    return np.log(found)


def _numbers(grid, column, cells):
    """Cells as numbers; InputError at the first that is neither one nor missing."""
    texts = pd.Series(cells.ravel(), dtype=object).fillna("")
    found = places.as_numbers(texts)
    bad = np.flatnonzero(np.isnan(found) & ~texts.str.lower().isin(MISSING).to_numpy())
    if len(bad):
        row, cell = grid.row.ravel()[bad[0]] + firm_tables.FIRST_ROW, texts.iloc[bad[0]]
        name = column.replace(PLACE, grid.alternatives[bad[0] % len(grid.alternatives)])
        point = _("write decimals with a point") if re.fullmatch(r"-?\d+,\d+", cell) else ""
        raise InputError(Problem(row_of(grid.table.file, row), name, _("{value} is not a number", value=repr(cell)),
                                 _("a number"), point))
    return found.reshape(cells.shape)


def _refuse_flat(grid, name, values, wanted):
    """InputError where a column of choosers is asked for as one of alternatives."""
    some = values[:, wanted]
    if len(wanted) == len(grid.alternatives) and not (np.nanmax(some, axis=1, initial=-np.inf)
                                                      > np.nanmin(some, axis=1, initial=np.inf)).any():
        raise InputError(grid.spec.problem(
            ("regressors", name), _("it does not vary among the alternatives of any chooser"), "",
            _("by_alternative = true, for a coefficient for each alternative")))
