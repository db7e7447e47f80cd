"""A laboratory: made-up regions and scenario values, run on the production path.

Theorems and tests are run here: values of a scenario file go through assembly, opening and step, as
in any run; nothing is computed beside the production code. `PLAIN` switches everything off that a
theorem does not speak of: utility is then the site constants alone, everybody reviews every quarter
with fresh errors, and moving is free. Overrides are nested dicts as in a scenario file. Sites are in
the engine's order.
"""

import copy
import dataclasses
import datetime
import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim import policies, terms
from sim.base.errors import InputError, Problem
from sim.base.helpers import ALONE, Helpers
from sim.base.messages import _
from sim.config.check import check
from sim.config.layers import Layers, merge
from sim.config.parameters import Section
from sim.config.toml_file import Source
from sim.kernels import arrays
from sim.kernels.choice.choice import choose
from sim.kernels.choice.expected import expected_choices
from sim.kernels.choice.systematic_utility import base_utilities
from sim.model import assemble, choice_tables, initialise
from sim.model.base_year import BaseYear
from sim.model.ensemble import Member
from sim.model.step import ModelState, QuarterRecord, RunConstants, measure, step
from sim.model.world import World
from sim.region.load import Region
from sim.region.synthetic import synthetic_region
from sim.scenario import schema
from sim.scenario.schema import Whole

NO_TERMS = {entry.name: dict.fromkeys(entry.parameters.model_fields, 0.0)
            for entry in terms.registry.entries() if entry.parameters}
PLAIN = {"choice": {"review": 1.0, "keep_errors": 0.0, "dissimilarity": 1.0, "outside": False},
         "moving": {"cost": 0.0, "log_size": 0.0, "age": 0.0, "log_distance": 0.0},
         "population": {"spread": 1e6}, "peers": {"decay": 0.0}, "land": {"rents": "frozen"},
         "switches": {"churn": False}, "terms": NO_TERMS}


def region(nests: Sequence[int], floor: Sequence[float] | None = None, industries: int = 1, seed: int = 0,
           weights: Sequence[float] | None = None) -> Region:
    """A region with one site an entry of `nests` (number of its nest) and one stock group of all.

    `weights` are the sites' shares of the opening stock, equal by default. InputError for nests that are not
    numbered from 0 on.
    """
    if sorted(set(nests)) != list(range(len(set(nests)))):
        raise InputError(Problem("", "nests", _("{nests} are not numbered from 0 on", nests=sorted(set(nests))),
                                 _("0, 1, 2, ..., one a site")))
    made = _synthetic(sites=len(nests), nests=max(nests) + 1, industries=industries, seed=seed)
    sites = made.sites.assign(nest=[f"nest-{k}" for k in nests])
    if floor is not None:
        sites["floor"] = np.asarray(floor, float)
    return dataclasses.replace(made, sites=sites, stock=stock(sites.index, weights=weights))


_synthetic = functools.cache(synthetic_region)


def stock(ids: Collection[str], headquarters: float = 1.0, weights: Iterable[float] | None = None) -> pd.DataFrame:
    """One group that spreads over the sites, evenly unless weights are given."""
    weights = [1.0] * len(ids) if weights is None else [float(weight) for weight in weights]
    row = {"headquarters": headquarters, "sites": list(ids), "weights": weights}
    return pd.DataFrame([row], index=pd.Index(["all"], name="group"))


def values(*overrides: Mapping[str, Any]) -> Whole:
    """Scenario values: the schema's defaults under the overrides, later ones above earlier ones.

    InputError for numbers that no scenario may have.
    """
    data: dict[str, Any] = {}
    for override in overrides:
        data = merge(data, override)
    made = schema.build()(**data)
    _values, problems = check(schema.build(), data, Layers([Source("", "", {}, {})]))
    if problems:
        raise InputError(list(problems.values()))
    return made


def plain(where: Region, utility: Sequence[float] | NDArray[np.float64], *overrides: Mapping[str, Any]) -> Whole:
    """PLAIN values with these site constants, in the engine's order of sites.

    InputError where there is not one a site, or lengths are given for more or fewer nests than there are.
    """
    _refuse_unlike("utility", len(utility), _("sites"), len(where.sites))
    for override in overrides:
        lengths = override.get("choice", {}).get("dissimilarity_of", where.nests.index)
        _refuse_unlike("dissimilarity", len(lengths), _("nests"), len(where.nests))
    return values(PLAIN, {"base_year": {"constants": dict(zip(where.sites.index, map(float, utility)))}}, *overrides)


def _refuse_unlike(key, found, of, wanted):
    if found != wanted:
        raise InputError(Problem("", key, _("there are {count} numbers for {wanted} {of}", count=found, wanted=wanted,
                                            of=of), _("{wanted} numbers", wanted=wanted)))


def years(number: int) -> dict[str, Any]:
    """An override: the run covers so many quarters."""
    return {"time": {"start": datetime.date(2021, 1, 1), "end": first_day(number - 1)}}


def people(number: int) -> dict[str, Any]:
    """An override: so many enterprises at the opening."""
    return {"population": {"candidates": number}}


def nesting(lengths: float | Sequence[float]) -> dict[str, Any]:
    """An override: the dissimilarity of all nests, or of each in the order of their numbers."""
    if isinstance(lengths, (int, float)):
        return {"choice": {"dissimilarity": float(lengths)}}
    return {"choice": {"dissimilarity_of": {f"nest-{k}": float(value) for k, value in enumerate(lengths)}}}


def localised(strength: float, **peers: Any) -> dict[str, Any]:
    """An override: localisation of this strength in a form of peers, e.g. form="log", offset=0.0."""
    return {"terms": {"localisation": {"gamma": float(strength)}}, "peers": peers}


def seeded(seed: int) -> dict[str, Any]:
    """An override: the seed of all draws."""
    return {"run": {"seed": seed}}


def policy(instrument: Callable[..., Any] | str, **keys: Any) -> tuple[str, str, Section]:
    """One policy as a member carries it, of an instrument or its name; perceived at once unless the keys say more."""
    entry = policies.registry.get(
        getattr(instrument, "name", instrument))  # type: ignore[arg-type]  # an instrument has a name
    keys = {"lag": 0.0, "start": datetime.date(2020, 1, 1), **keys}
    return (keys.pop("name", entry.name), entry.name, entry.schema(**keys))


def example(instrument: str, **keys: Any) -> dict[str, Any]:
    """Keys of an instrument's example under `keys`: at site-2, built at once and for movers too where it can be."""
    entry = policies.registry.get(instrument)
    at_once = {"building_time": 0.0, "movers": True}
    known = {key: value for key, value in at_once.items() if key in entry.schema.model_fields}
    return {"sites": ["site-2"], **known, **entry.example, **keys}


class Made(NamedTuple):
    """What a run needs: made by assembly.build and opening.prepare."""

    world: World
    fixed: RunConstants
    economy: ModelState
    base: BaseYear


def make(where: Region, *scenario: Whole, members: int | Iterable[int] = 1,
         policies: Iterable[tuple[str, str, Section]] = (), helpers: Helpers = ALONE) -> Made:
    """A prepared ensemble: several scenarios side by side, or one in so many (or these) replicates."""
    replicates = range(members) if isinstance(members, int) else members
    wanted = [(v, 0) for v in scenario] if len(scenario) > 1 else [(scenario[0], k) for k in replicates]
    world = assemble.build(where, [Member(v, tuple(policies), k) for v, k in wanted])
    return Made(world, *initialise.prepare(world, helpers=helpers))


def run(made: Made, quarters: int) -> tuple[list[QuarterRecord], ModelState]:
    """Infos of so many quarters from an untouched copy of the opening, and the last economy."""
    economy, infos = copy.deepcopy(made.economy), []
    for quarter in range(quarters):
        economy, info = step(made.world, made.fixed, economy, quarter)
        infos.append(info)
    return infos, economy


def world(nests: Sequence[int], utility: Sequence[float] | NDArray[np.float64], *overrides: Mapping[str, Any],
          members: int | Iterable[int] = 1, policies: Iterable[tuple[str, str, Section]] = (),
          **of_region: Any) -> Made:
    """A prepared ensemble of a region with these nests, in PLAIN values with these site constants."""
    where = region(nests, **of_region)
    return make(where, plain(where, utility, *overrides), members=members, policies=policies)


def counts_after(made: Made, quarters: int) -> NDArray[np.int64]:
    """(member, site) enterprises at the close of the last of so many quarters."""
    return run(made, quarters)[0][-1].enterprises.sum(axis=(2, 3))


def offers(made: Made, quarter: int, **levers: Any) -> arrays.Tables:
    """The kernel's tables of a quarter at base-year rents, with single levers replaced."""
    flat = np.ones((1, made.world.sites))
    found = choice_tables.levers_at(made.world, quarter, made.fixed.constant, flat)
    return choice_tables.choice_tables(made.world, found._replace(**levers), quarter)


def no_events(world: World) -> arrays.Events:
    cube = np.zeros((world.members, world.sites, world.industries, 4), np.int32)
    flows = np.zeros((world.members, world.industries, world.sites, world.sites + 1), np.int32)
    return arrays.Events(cube.copy(), cube.copy(), cube.copy(), flows, np.zeros(world.members, np.int32))


def chosen(made: Made, economy: ModelState, quarter: int = 0, table: arrays.Tables | None = None,
           **rules: Any) -> tuple[arrays.State, arrays.Events, NDArray[np.int64]]:
    """(State, Events, counts) after `choose` on a copy of the economy."""
    economy, events = copy.deepcopy(economy), no_events(made.world)
    table = offers(made, quarter) if table is None else table
    choose(quarter, economy.state, economy.counts, table, made.world.nests, made.fixed.peers,
           made.fixed.moving, made.world.keys, made.fixed.rules._replace(**rules), events)
    return economy.state, events, economy.counts


def utilities(made: Made, slots: ArrayLike, table: arrays.Tables | None = None) -> NDArray[np.float64]:
    """(slot, site + 1) utilities of enterprises of member 0 in the first quarter, errors apart."""
    table = offers(made, 0) if table is None else table
    return base_utilities(0, 0, np.asarray(slots), made.economy.state, made.economy.counts, table,
                          made.fixed.peers, made.fixed.moving)


def expected(made: Made, member: int = 0, slots: ArrayLike | None = None, quarter: int = 0,
             table: arrays.Tables | None = None, economy: ModelState | None = None) -> NDArray[np.float64]:
    """(slot, site + 1) probabilities of the enterprises in `slots` (default: all) with fresh errors."""
    economy = made.economy if economy is None else economy
    slots = np.flatnonzero(economy.state.site[member] >= 0) if slots is None else np.asarray(slots)
    table = offers(made, quarter) if table is None else table
    return expected_choices(quarter, member, slots, economy.state, economy.counts, table,
                            made.world.nests, made.fixed.peers, made.fixed.moving)


def placed(made: Made, sites: ArrayLike) -> ModelState:
    """The economy with the enterprises of every member at these sites, an index for each or one for all."""
    state = made.economy.state
    state = state._replace(site=np.broadcast_to(np.asarray(sites, state.site.dtype), state.site.shape).copy())
    return made.economy._replace(state=state, counts=measure(made.world, made.fixed, state)[0])


def date(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, 1)


def first_day(quarter: int) -> datetime.date:
    """Of a quarter of `years`."""
    return date(2021 + quarter // 4, 3 * (quarter % 4) + 1)


def enterprises(made: Made) -> NDArray[np.int32]:
    """(member, site, industry, type) enterprises at the opening."""
    return measure(made.world, made.fixed, made.economy.state)[2]


def headquarters(made: Made) -> NDArray[np.int32]:
    """(member, site, industry, type) headquarters at the opening."""
    return measure(made.world, made.fixed, made.economy.state)[3]
