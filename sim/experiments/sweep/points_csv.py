"""Points from a table: one row a point, one column an axis."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING, Any

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config.layers import setting
from sim.experiments.sweep.axes import column, kind_of, typed
from sim.scenario import parameter_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.experiments.sweep.axes import Axis
    from sim.experiments.sweep.sections import Common
    from sim.experiments.sweep.sweep_file import Place

MOST_BYTES = 2**28


def read(settings: Common, axes: Sequence[Axis], place: Place) -> tuple[dict[str, NDArray[Any]], int]:
    """(axis -> values, number of rows) of the design "list"."""
    if not settings.csv:
        raise InputError(place.problem(("csv",), _("the design \"list\" has no points"), _("a CSV file of points")))
    path = os.path.join(place.directory, settings.csv)
    rows = _rows(path, place)
    head, body = rows[0], rows[1:]
    _refuse_head(head, axes, path, place)
    cells = {axis.name: [_cell(row, head, axis, path, number) for number, row in enumerate(body, 2)]
             for axis in axes}
    if not body:
        raise InputError(Problem(f"{path}:1", "", _("the table has no rows"),
                                 _("one row for each point, below the names")))
    return {axis.name: column(axis.kind if kind_of(cells[axis.name]) == axis.kind else "text", cells[axis.name])
            for axis in axes}, len(body)


def _rows(path, place):
    """Rows of a table that are not empty, the names first."""
    try:
        if os.path.getsize(path) > MOST_BYTES:
            raise InputError(place.problem(("csv",), _("{path} is too large", path=path),
                                           _("a CSV file of at most {most:,} bytes", most=MOST_BYTES)))
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if any(map(str.strip, row))]
    except OSError as error:
        raise InputError(place.problem(("csv",), _("{path} cannot be read: {why}", path=path, why=error.strerror),
                                       _("a CSV file"))) from None
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(place.problem(("csv",), _("{path} cannot be read: {why}", path=path, why=str(error)),
                                       _("a CSV file in UTF-8"))) from None
    if not rows:
        raise InputError(Problem(path, "", _("the table is empty"), _("names of axes, then one row for each point")))
    return rows


def _refuse_head(head, axes, path, place):
    """InputError for columns that are missing, strange or there twice."""
    names = [axis.name for axis in axes]
    if not names:
        raise InputError(place.problem(("axes",), _("there are no axes"),
                                       _("one for every column: axes.NAME.key = \"...\"")))
    missing = [name for name in names if name not in head]
    strange = [name for name in head if name not in names]
    problems = [Problem(f"{path}:1", name, _("there is no column of this name"), _("a column for every axis"),
                        near_miss(name, strange)) for name in missing]
    problems += [Problem(f"{path}:1", name, _("there is no axis of this name"),
                         _("a column that is one of {names}",
                           names=", ".join(names)), near_miss(name, names)) for name in strange]
    problems += [Problem(f"{path}:1", name, _("there are two columns of this name"), _("one"))
                 for name in names if head.count(name) > 1]
    if problems:
        raise InputError(problems)


def _cell(row, head, axis, path, number):
    """One value, read as `--set` reads it and checked against its parameter."""
    where = f"{path}:{number}"
    if len(row) != len(head):
        raise InputError(Problem(where, "", _("the number of cells is {count}", count=len(row)),
                                 _("{count}, as many as there are names", count=len(head))))
    text = row[head.index(axis.name)].strip()
    value = typed(setting(f"x={text}").data["x"] if text else "", axis.kind)
    wrong = parameter_paths.first_fault(axis.meant, value)
    if wrong:
        raise InputError(Problem(where, axis.name, *wrong))
    return value
