"""What lasts of an effect after withdrawal, over a sweep that moves the day on which a policy ends.

    persistence = mean(effect at the close) / mean(effect at the close of the last quarter in force)

1 is lock-in, 0 is none. Both means are over the same replicates, hence the error by the delta method
(`comparison.statistics.ratio`). A share of an effect that is not told from 0 says nothing and is nan.
"""

import json

import numpy as np
import pandas as pd
import xarray as xr

from sim.base.calendar import numbered, quarter_of
from sim.experiments.paired_statistics import ratio, row
from sim.experiments.sensitivity import grid_plane
from sim.experiments.sensitivity import quantity as quantities
from sim.experiments.sensitivity.quantity import Quantity, Swept
from sim.experiments.sweep import load


def end_axis(sweep: Swept) -> str:
    """The axis of a sweep along which a policy ends sooner or later, "" for none."""
    for name in sweep.axes:
        keys = [key.split(".") for key in sweep.defined["axes"][name]["keys"]]
        if all(key[0] == "policies" and key[-1] == "end" for key in keys):
            return name
    return ""


def is_told(sweep: Swept, quantity: Quantity) -> bool:
    """Whether the sweep can say what lasts: an effect, an end that moves, and the scalar kept in every quarter."""
    return bool(quantity.against and end_axis(sweep) and _labels(sweep, quantity.column))


def table(sweep: Swept, quantity: Quantity) -> pd.DataFrame:
    """DataFrame, one row a point: the axes, last quarter in force, years since, both effects, their ratio."""
    effect, labels = _effect(sweep, quantity), _labels(sweep, quantity.column)
    first, rows = numbered(labels[0]), []
    for point, end in enumerate(sweep.columns[end_axis(sweep)]):
        last = quarter_of(pd.Timestamp(end)) - 1 - first
        rows.append(_row(effect[point], last, labels) if quantity.whole[point] else ("",) + (np.nan,) * 7)
    head = ["last_in_force", "years_since", "effect_at_withdrawal", "effect_at_withdrawal_se", "effect_at_end",
            "effect_at_end_se", "persistence", "persistence_se"]
    return pd.DataFrame({name: sweep.columns[name] for name in sweep.axes}).join(pd.DataFrame(rows, columns=head))


def cells(sweep: Swept, quantity: Quantity, rows: pd.DataFrame, confidence: float) -> xr.Dataset | None:
    """Dataset of the persistence over the plane of two axes, None for any other design."""
    if not grid_plane.axes_of(sweep):
        return None
    data = grid_plane.dataset(sweep, quantity, confidence)
    shape = data["mean"].shape
    return data.assign(mean=(("y", "x"), rows["persistence"].to_numpy().reshape(shape)),
                       error=(("y", "x"), rows["persistence_se"].to_numpy().reshape(shape)))


def _row(effect, last, labels):
    """The numbers of a point from its (replicate, quarter) effect; nan where the policy outlives the run."""
    if not 0 <= last < len(labels) - 1:
        return ("",) + (np.nan,) * 7
    then, close = effect[:, last], effect[:, -1]
    return (labels[last], (len(labels) - 1 - last) / 4.0, *row(then)[0:3:2], *row(close)[0:3:2], *ratio(close, then))


def _effect(sweep, quantity):
    """(point, replicate, quarter) effect, replicate by replicate under equal draws."""
    mine = _paths(sweep, quantity.column)
    here = mine[sweep.scenarios.index(quantity.scenario)]
    if quantity.against in sweep.scenarios:
        return here - mine[sweep.scenarios.index(quantity.against)]
    return here - _paths(quantities.swept(sweep.folder, quantity.against), quantity.column)[0]


def _paths(sweep, column):
    """(scenario, point, replicate, quarter) values of a scalar; nan for failed runs."""
    name, quarters = f"series.{column}", len(_labels(sweep, column))
    rows = load.table(sweep.folder, sweep.name, [name])[name].to_pylist()
    return np.array([row or [np.nan] * quarters for row in rows], dtype=float).reshape(*sweep.shape, quarters)


def _labels(sweep, column):
    """Quarters of a scalar's series, empty where the sweep has not kept it or its runs differ in length."""
    schema = quantities.schema(sweep.folder, sweep.name)
    place = schema.get_field_index(f"series.{column}")
    return json.loads((schema.field(place).metadata or {}).get(b"labels", b"[]")) if place >= 0 else []
