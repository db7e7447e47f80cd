"""Regressors of a choice among places, as the simulator's utility has them: of the year before, oneself left out.

    industry peers   ln(a + sum_k w(d_jk) n_{s,k})      w = exp(-d / decay), or 1 at home and 0 elsewhere
    all peers        ln(a + sum_s sum_k w(d_jk) n_{s,k})
    distance         ln(a + d(present place, j))
    column, series   what a table says of j, in the year of the choice, or its logarithm

The first three are checked against `model.utility` (tests/experiments/test_estimation_regressors.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.estimation import firm_tables, places
from sim.experiments.estimation.events import Events, Stocks
from sim.experiments.estimation.newton import Array
from sim.experiments.estimation.places import Places
from sim.experiments.estimation.spec import Regressor, Spec

PEERS = ("industry peers", "all peers")


def table(spec: Spec, where: Places, stock: Stocks, events: Events,
          decay: float = 0.0) -> tuple[Array, tuple[str, ...]]:
    """((event, place, regressor) values, names): those that say something of arrivals, or of moves."""
    wanted = applying(spec, bool((events.origin >= 0).any()))
    columns = [_values(spec, name, each, where, stock, events, decay) for name, each in wanted.items()]
    shape = (len(events.year), len(where.ids))
    return np.stack([np.broadcast_to(each, shape) for each in columns], axis=-1) if columns else \
        np.empty((*shape, 0)), tuple(wanted)


def applying(spec: Spec, moving: bool) -> dict[str, Regressor]:
    """Regressors by name; distance says nothing of an arrival."""
    return {name: each for name, each in spec.values.regressors.items() if moving or each.kind != "distance"}


def is_log(spec: Spec, names: tuple[str, ...]) -> NDArray[np.bool_]:
    """(regressor,) whether it is a logarithm."""
    of = spec.values.regressors
    return np.array([of[name].log or of[name].kind in (*PEERS, "distance") for name in names], bool)


def peers(where: Places, stock: Stocks, events: Events, decay: float, own: bool) -> Array:
    """(event, place) weighted firms of the event's industry, or of all, in the year before, the mover left out."""
    weight = np.exp(-where.km / decay) if decay > 0.0 else np.eye(len(where.ids))
    years, at = np.unique(events.year, return_inverse=True)
    counts = stock.before(years)                                                     # (year, industry + 1, place)
    total = (counts if own else counts.sum(axis=1, keepdims=True)) @ weight
    found: Array = total[at.ravel(), events.industry if own else 0]
    here = np.flatnonzero(events.origin >= 0)
    found[here] -= weight[events.origin[here]]
    return np.maximum(found, 0.0)


def _values(spec, name, each, where, stock, events, decay):
    if each.kind in PEERS:
        counted = peers(where, stock, events, decay, each.kind == "industry peers")
        return _log(spec, name, each.offset + counted)
    if each.kind == "distance":
        return _log(spec, name, each.offset + where.km[events.origin])
    found = _column(spec, name, each, where) if each.kind == "column" else _series(spec, name, each, where, events)
    return _log(spec, name, found) if each.log else found


def _log(spec, name, values):
    if values.min(initial=1.0) <= 0.0:
        raise InputError(spec.problem(("regressors", name), _("it has no logarithm where it is 0 or less"),
                                      _("numbers above 0"), _("give an offset above 0, or log = false")))
    return np.log(values)


def _column(spec, name, each, where):
    key = ("regressors", name, "column")
    table = firm_tables.FirmTable(where.frame, where.file, "", "")
    return places.numbers(table, each.column, spec.where(key), ".".join(key))[None]


def _series(spec, name, each, where, events):
    """(event, place) the value of the latest year up to that of the event, of the place or of its jurisdiction."""
    table = firm_tables.read(spec.beside(each.file))
    asked = spec.where(("regressors", name, "file"))
    area = "site" if "site" in table.frame else "jurisdiction"
    of = firm_tables.column(table, area, asked, name)
    year, value = (places.numbers(table, column, asked) for column in ("year", each.column))
    years, at = np.unique(events.year, return_inverse=True)
    owner = where.ids if area == "site" else where.jurisdiction
    found = np.full((len(years), len(owner)), np.nan)
    order = np.argsort(year, kind="stable")
    for label in set(owner) & set(of):
        rows = order[(of.to_numpy() == label)[order]]
        upto = np.searchsorted(year[rows], years, side="right") - 1
        known = np.where(upto >= 0, value[rows][np.maximum(upto, 0)], np.nan)
        found[:, [k for k, each in enumerate(owner) if each == label]] = known[:, None]
    if np.isnan(found).any():
        k = int(np.flatnonzero(np.isnan(found).any(axis=0))[0])
        raise InputError(Problem(table.file, each.column, _("there is no value for {area} up to {year}",
                                                            area=repr(owner[k]), year=int(years[0])),
                                 _("a value for every {area} and the first year", area=area)))
    return found[at.ravel()]
