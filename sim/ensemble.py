"""Members of an ensemble: (scenario values, replicate) side by side, numbers as (member,) arrays."""

import datetime
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from sim.calendar import quarter_of
from sim.errors import InputError, Problem
from sim.parameters import Section


@dataclass(frozen=True)
class Member:
    """One run: a scenario's values and policies under one replicate of the seed."""

    values: Section                  # the scenario's values
    policies: tuple                  # of (name, instrument name, Section)
    replicate: int


def stack(sections):
    """Namespace of the sections' values: numbers and dates become arrays, texts must agree.

    A number becomes float64 (1,) where all members agree and (member,) where they do not; a date
    its quarter; None stays None where all agree.
    """
    first = sections[0]
    names = type(first).model_fields
    return SimpleNamespace(**{name: _stacked(name, [getattr(s, name) for s in sections])
                              for name in names})


def _stacked(name, column):
    first = column[0]
    if isinstance(first, Section):
        return stack(column)
    if all(isinstance(value, datetime.date) for value in column):
        column = [quarter_of(value) for value in column]
    if all(isinstance(value, (bool, int, float)) for value in column):
        return _compact(np.array(column, dtype=float))
    if any(value != first for value in column):
        raise InputError(Problem("", name, "different values within one ensemble",
                                 "the same for all members", "run them as separate scenarios"))
    return first


def _compact(values):
    return values[:1] if (values == values[0]).all() else values
