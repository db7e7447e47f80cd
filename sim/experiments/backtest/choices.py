"""Where movers go and arrivals settle: the model's expected choices at the origin's stock, scored beside rivals.

The probabilities are those of the production code: utilities, nested logit and peers of `model.mean_field` at the
opening, by sector and site that is left, given that the enterprise goes. They are mixed over draws of the parameters,
weighed by the choices up to the origin under the first run's stock. The score is the log score of an event;
differences have standard errors clustered by destination.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.backtest import draws, runs
from sim.experiments.backtest.choice_events import Choices
from sim.experiments.backtest.choice_rivals import RIVALS, Known
from sim.experiments.backtest.plan import Plan, after
from sim.experiments.backtest.runs import Records
from sim.experiments.backtest.scored import clustered
from sim.model import assemble, initialise
from sim.model.mean_field import quarter_map
from sim.region.opening_stock import dated_stock

LEAST = 1e-12
WHAT = "choices"
VARIANTS = (draws.MODEL, draws.NO_PEERS)
OF_SECTOR = "_of_sector"
WITHOUT = "_without_reregistrations"       # told apart where some are known
FLOWS = tuple(flow + what for what in ("", OF_SECTOR) for flow in ("moves", "arrivals", f"arrivals{WITHOUT}"))


def records(plan: Plan, values: Sequence[Mapping[str, float]]) -> Generator[tuple[int, int], None, Records]:
    """Generator of (done, in all); returns Records of (origin + 1, draw, industry + 1, site) probabilities by run.

    Row `site` of the first axis is a mover from that site, the last one an arrival; the last industry is an unknown
    one.
    """
    tasks = [runs.Task(run, variant, draw, WHAT) for run in range(len(plan.runs)) for variant in VARIANTS
             if variant in plan.variants for draw in range(plan.draws)]
    return (yield from runs.kept(plan, tasks, lambda task, _helpers: _chances(plan, values, task)))


def _chances(plan, values, task):
    """(origin + 1, industry + 1, site) probabilities of those who go."""
    members = draws.members(plan.runs[task.run].scenario, values[task.draw], task.variant, range(1))
    world = assemble.build(plan.region, members)
    fixed, economy, _ = initialise.prepare(world)
    field = quarter_map.build(world, fixed, economy, 0)
    moved = quarter_map.movers_by_kind(field, field.n)[:, :, :-1]
    came = quarter_map.entrants_by_kind(field, field.n)
    by_kind = np.concatenate([moved, came[:, None]], axis=1)                        # (kind, origin + 1, site)
    sites = world.sites
    by_kind[:, np.arange(sites), np.arange(sites)] = 0.0
    present = np.concatenate([field.n, came.sum(axis=1, keepdims=True)], axis=1)    # who is of which kind
    unknown = (present / present.sum(axis=0))[..., None] * _shares(by_kind)
    return np.moveaxis(_shares(np.concatenate([by_kind, unknown.sum(axis=0)[None]])), 0, 1)


def _shares(weight):
    return weight / np.maximum(weight.sum(axis=-1, keepdims=True), 1e-300)


def laws(plan: Plan, events: Choices, found: Records) -> dict[str, NDArray[np.float32]]:
    """"ORIGIN.FORECASTER" -> (origin + 1, industry + 1, site) probabilities, from nothing later than the origin."""
    made: dict[str, NDArray[np.float32]] = {}
    for number, run in enumerate(plan.runs):
        for origin in run.origins:
            past = events.only(events.year <= origin.year)
            stock = dated_stock(plan.region, run.scenario.values.time.start)
            assert stock is not None                    # who has choices has dated stocks
            known = Known(past, stock, plan.region.distances(), origin.year)
            of_origin = _of_model(plan, found, number, past) | \
                {name: _of_rival(rival, known) for name, rival in RIVALS.items()}
            made |= {f"{origin}.{name}": law.astype(np.float32) for name, law in of_origin.items()}
    return made


def _of_model(plan, found, number, past):
    """Variant -> probabilities mixed over draws, movers by the weights of past moves, arrivals by those of arrivals."""
    fit = next(k for k, run in enumerate(plan.runs) if run.fits)
    past = past.only(past.year >= plan.runs[fit].scenario.values.time.start.year)
    made = {}
    for variant in VARIANTS:
        if (number, variant) in found.found:
            tables, fitted = found.found[number, variant], found.found[fit, variant]
            by_flow = [np.einsum("odis,d->ois", part, _weight(past.only((past.origin >= 0) == moves), fitted))
                       for part, moves in ((tables[:-1], True), (tables[-1:], False))]
            made[variant] = np.concatenate(by_flow)
    return made


def _weight(past, fitted):
    """(draw,) weights by past choices; fitted (origin + 1, draw, industry + 1, site)."""
    chance = np.maximum(fitted[past.origin, :, past.industry, past.to], LEAST)
    return draws.weights(past.times @ np.log(chance)).weight


def _of_rival(rival, known):
    """Probabilities of a rival for a mover from every site and an arrival, of every industry and of an unknown one."""
    sites, industries = known.stock.shape
    made = []
    for origins in (np.arange(sites), np.array([-1])):
        origin, industry = (axis.ravel() for axis in np.meshgrid(origins, np.arange(industries), indexing="ij"))
        industry = np.where(industry == industries - 1, -1, industry)
        nothing = np.zeros(len(origin), int)
        grid = Choices(nothing, origin, nothing, industry, nothing.astype(bool), np.ones(len(origin)))
        made.append(rival(known, grid).reshape(len(origins), industries, sites))
    return np.concatenate(made)


def scored(plan: Plan, events: Choices, written: Mapping[str, NDArray[np.float32]]) -> pd.DataFrame:
    """A row an event, origin and forecaster: year, destination, log score, how often it happened."""
    rows = []
    for name, law in written.items():
        day, forecaster = name.split(".")
        origin = next(each for each in plan.origins if str(each) == day)
        ahead = after(events, origin, plan.horizon)
        flows = [flow for flow in FLOWS if WITHOUT not in flow or ahead.again.any()]
        rows += [_rows(flow, origin, wanted, forecaster, law) for flow in flows if len((wanted := _of(flow, ahead)).to)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _of(flow, events):
    """The events of a flow; of those whose industry is known where it says so: an unknown one is none."""
    what = flow.removesuffix(OF_SECTOR)
    if what != flow:
        events = events.only(events.industry >= 0)
    if what == "moves":
        return events.only(events.origin >= 0)
    return events.only((events.origin < 0) & ~(events.again & (what != "arrivals")))


def _rows(flow, origin, events, name, law):
    chance = np.maximum(law[events.origin, events.industry, events.to], LEAST).astype(float)
    return pd.DataFrame({"flow": flow, "origin": str(origin), "ahead": events.year - origin.year, "year": events.year,
                         "from": events.origin, "to": events.to, "industry": events.industry, "forecaster": name,
                         "log_score": -np.log(chance), "count": events.times.astype(int)})


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """A row a flow, years ahead (0: all) and forecaster: events, mean log score, the model's less it, its error."""
    rows: list[dict[str, Any]] = []
    for flow, of_flow in table.groupby("flow", sort=False):
        for ahead in (0, *sorted(of_flow["ahead"].unique())):
            mine = of_flow if ahead == 0 else of_flow[of_flow["ahead"] == ahead]
            model = mine[mine["forecaster"] == draws.MODEL]
            for name, other in mine.groupby("forecaster", sort=False):
                rows.append({"flow": flow, "ahead": int(ahead), "forecaster": name, **_difference(model, other)})
    return pd.DataFrame(rows)


def _difference(model, other):
    """Both have the same events in the same order; an event is as many observations as it happened."""
    count = other["count"].to_numpy()
    gap = np.repeat(model["log_score"].to_numpy() - other["log_score"].to_numpy(), count)
    groups = np.repeat(other["to"].to_numpy(), count)
    return {"n": int(count.sum()), "log_score": float(np.average(other["log_score"], weights=count)),
            "difference": float(gap.mean()), "se": clustered(gap, groups)}
