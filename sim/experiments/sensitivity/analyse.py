"""What a sweep says about what its results depend on: the analyses that its design permits.

design     analyses
saltelli   Sobol' indices, tornado; ranks of scenarios over A and B
morris     screening
grid       tornado; of two axes also the plane with R_dyn and phases; ranks of scenarios
others     tornado, ranks of scenarios

Where a policy's end is an axis, what lasts of its effect comes on top.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.compare.ranking import with_nothing
from sim.experiments.sensitivity import grid_plane, morris, persistence, regret, sobol, tornado
from sim.experiments.sensitivity import quantity as quantities
from sim.experiments.sensitivity.quantity import Swept


class Asked(NamedTuple):
    """What is to be analysed, and how."""

    column: str = "headquarters_in_zone"
    effects: tuple[str, ...] = ()        # scenarios whose effect is analysed; all there are if empty
    against: str = ""          # what effects are taken against; the sweep's own reference if empty
    levels: bool = False       # levels instead of effects
    leave_out: bool = False    # points with failed runs, instead of refusing them
    confidence: float = 0.95


class Analysis(NamedTuple):
    """One table of an analysis, of one quantity or of all scenarios together."""

    kind: str                  # sobol, morris, tornado, heat_map, phases, persistence, regret, ranks
    name: str                  # of its files
    quantity: quantities.Quantity | None           # Quantity, None for all scenarios together
    table: pd.DataFrame
    notes: tuple[Any, ...]               # sentences, (key of the words, parts)
    data: xr.Dataset | None = None        # Dataset of a plane


def analyse(sweep: Swept, asked: Asked) -> Iterator[Analysis]:
    """Generator of every Analysis that the design permits; the quantities come first to last."""
    found = quantities_of(sweep, asked)
    for each in found:
        yield from _single(sweep, each, asked.confidence)
    yield from _together(sweep, found)


def quantities_of(sweep: Swept, asked: Asked) -> list[quantities.Quantity]:
    """The quantities that are asked for: effects of scenarios, or levels."""
    against = asked.against or quantities.reference(sweep)
    if asked.levels or not against:
        if asked.effects and not against:
            raise InputError(Problem(str(sweep.folder), "--effect",
                                     _("there is nothing to compare {name} with", name=asked.effects[0]),
                                     _("a sweep of several scenarios, or --against")))
        names = asked.effects or sweep.scenarios
        return [quantities.level(sweep, asked.column, name, asked.leave_out) for name in names]
    names = asked.effects or [name for name in sweep.scenarios if name != against]
    return [quantities.effect(sweep, asked.column, name, against, asked.leave_out) for name in names]


def _single(sweep, quantity, confidence):
    design, name = sweep.defined["design"], quantity.scenario
    left = (("left_out", {"n": int((~quantity.whole).sum()), "all": len(quantity.whole)}),) \
        if not quantity.whole.all() else ()
    if design == "morris":
        rows = morris.table(sweep, quantity, confidence)
        many = len(quantity.whole) // sweep.block
        yield Analysis("morris", f"morris.{name}", quantity, rows, (("trajectories", {"n": many}), *left))
        return
    if design == "saltelli":
        found = sobol.of(sweep, quantity, confidence)
        said = {"n": found.base, "mean": found.mean, "sd": float(np.sqrt(found.variance)), "noise": found.noise}
        yield Analysis("sobol", f"sobol.{name}", quantity, found.table, (("sobol_of", said), *left))
    yield Analysis("tornado", f"tornado.{name}", quantity, tornado.table(sweep, quantity), left)
    if grid_plane.axes_of(sweep):
        cells = grid_plane.dataset(sweep, quantity, confidence)
        yield Analysis("heat_map", f"plane.{name}", quantity, grid_plane.table(cells), left, cells)
        if quantity.against:
            yield Analysis("phases", f"phases.{name}", quantity, grid_plane.table(cells), left, cells)
    if persistence.is_told(sweep, quantity):
        rows = persistence.table(sweep, quantity)
        yield Analysis("persistence", f"persistence.{name}", quantity, rows, left,
                       persistence.cells(sweep, quantity, rows, confidence))


def _together(sweep, found):
    """Regret and ranks over the points that all candidates have, of a plain sample of the axes."""
    which = np.logical_and.reduce([each.whole for each in found]) & sobol.sample(sweep)
    means, against = {each.scenario: each.mean[which] for each in found}, found[0].against
    notes = [("points", {"n": int(which.sum())})]
    if against in sweep.scenarios:
        means, notes = with_nothing(means, against), [*notes, ("nothing", {"name": against})]
    if len(means) < 2:
        return
    names = sorted(means, key=lambda name: name != against)      # before its equals
    values = np.array([means[name] for name in names])
    yield Analysis("regret", "regret", None, regret.table(names, values), tuple(notes))
    yield Analysis("ranks", "ranks", None, regret.stability(names, values), tuple(notes))
