"""Regressors that the simulator's own utility computes: places of a scenario's region, terms of its V.

V is linear in its coefficients, so a regressor is what its addend (`model.utility.addends`) is worth with the
coefficient 1 less with 0, all else as in the scenario: the same decay, offset, peers and clocks as in a run.
Enterprises are of mean intensity and median taste, come from where the list says, and see as peers those of the list in
the year before.

    x_ijk = addend(V_ij; b_k = 1) - addend(V_ij; b_k = 0)
"""

import datetime
import functools
from collections.abc import Callable

import numpy as np

from sim import terms
from sim.base.errors import InputError
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.experiments.estimation import places as place_tables
from sim.experiments.estimation.events import Events, Stocks
from sim.experiments.estimation.newton import Array
from sim.experiments.estimation.places import Places
from sim.experiments.estimation.spec import Spec

WEIGHTS = ("gamma", "beta")
OF_KIND = {"industry peers": "localisation", "all peers": "headquarters"}
DISTANCE = ("moving", "log_distance")
AT_ONCE = 5000                 # choosers whose utility is worked out together


def places(spec: Spec) -> Places:
    """The sites of the scenario's region in the engine's order."""
    sites = _region(spec).sites
    frame = sites.reset_index(names="id").astype(str)
    return place_tables.of(tuple(sites.index), sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), frame,
                           spec.beside(spec.values.places.scenario))


def is_peers(column: str) -> bool:
    """Whether a term looks at peers."""
    name = column.partition(".")[0]
    return name in terms.registry and bool(terms.registry.get(name).peers)


def table(spec: Spec, industries: tuple[str, ...]) -> Callable[[Stocks, Events], tuple[Array, tuple[str, ...]]]:
    """The function of counts and events that gives ((event, place, regressor), names)."""
    region = _region(spec)
    unknown = [name for name in industries if name not in region.industries.index]
    if unknown:
        raise InputError(spec.problem(("industries",), _("the region has no industry {name}", name=repr(unknown[0])),
                                      one_of(region.industries.index), near_miss(unknown[0], region.industries.index)))
    number = np.array([region.industries.index.get_loc(name) for name in industries], int)
    paths = {name: _path(spec, name, each) for name, each in spec.values.regressors.items()}
    return lambda stock, events: _table(spec, paths, number, stock, events)


def _table(spec, paths, number, stock, events):
    """((event, place, regressor), names), year by year and some choosers at a time."""
    moving = bool((events.origin >= 0).any())
    wanted = {name: path for name, path in paths.items() if moving or path != DISTANCE}
    made = _made(spec.beside(spec.values.places.scenario), tuple(wanted.values()))
    x = np.empty((len(events.year), made[0].sites, len(wanted)))
    for year in np.unique(events.year):
        own = np.flatnonzero(events.year == year)
        for rows in np.split(own, range(AT_ONCE, len(own), AT_ONCE)):
            for k, path in enumerate(wanted.values()):
                one, zero = (_addend(made, path, 2 * k + which, number, stock, events.at(rows), int(year))
                             for which in (0, 1))
                x[rows, :, k] = zero - one if path == DISTANCE else one - zero     # V has the cost with a minus
    return x, tuple(wanted)


def _path(spec, name, each):
    """Key path of the coefficient of a regressor."""
    if each.kind == "distance":
        return DISTANCE
    term, _dot, key = (OF_KIND.get(each.kind) or each.column).partition(".")
    where = ("regressors", name, "column")
    if term not in terms.registry:
        known = [entry.name for entry in terms.registry.entries() if entry.parameters]
        raise InputError(spec.problem(where, _("there is no term {name}", name=repr(term)), one_of(known),
                                      near_miss(term, known)))
    section = terms.registry.get(term).parameters
    fields = list(section.model_fields) if section else []
    key = key or next((field for field in fields if field in WEIGHTS), "")
    if key not in fields:
        raise InputError(spec.problem(where, _("{term} has several coefficients, or none", term=repr(term)),
                                      one_of([f"{term}.{field}" for field in fields]) if fields else ""))
    return ("terms", term, key)


@functools.lru_cache(maxsize=4)
def _scenario(path):
    from sim.scenario import load

    return load.load(path, ("diagnostics.members=0", "moving.cost=0.0", "base_year.constants={}", "land.rents=frozen"))


def _region(spec):
    return _region_of(spec.beside(spec.values.places.scenario))


@functools.lru_cache(maxsize=4)
def _region_of(path):
    from sim.model.preflight import validation

    return validation.region_of(_scenario(path))


@functools.lru_cache(maxsize=4)
def _made(path, paths):
    """(World, RunConstants, ModelState) with two members a coefficient: it is 1, it is 0."""
    from sim.model import assemble, initialise
    from sim.model.ensemble import Member
    from sim.scenario import parameter_paths

    scenario = _scenario(path)
    policies = tuple((name, scenario.instruments[name], each) for name, each in scenario.values.policies.items())
    members = [Member(parameter_paths.replaced(scenario, [(key, value)]), policies, 0)
               for key in paths for value in (1.0, 0.0)]
    world = assemble.build(_region_of(path), members)
    return (world, *initialise.prepare(world)[:2])


def _addend(made, path, member, number, stock, events, year):
    """(event, site) the addend of a coefficient in a member, on the list's counts of the year before."""
    from sim.kernels import arrays
    from sim.model import utility

    world, fixed, economy = made
    quarter = min(max(world.calendar.index(datetime.date(year, 1, 1)), -1), world.calendar.length - 1)
    snap = utility.snapshot(world, fixed, economy, quarter, np.ones((1, world.sites)), member)
    counts = np.zeros_like(snap.counts)
    counts[number] = np.rint(stock.before(np.array([year]))[0, :-1] * arrays.WEIGHT_ONE).astype(counts.dtype)
    looking = snap._replace(counts=counts, peers=snap.peers._replace(live=1))
    name = utility.MOVING if path == DISTANCE else path[1]
    return utility.addends(looking, _choosers(world, number, events))[name][:, :-1]


def _choosers(world, number, events):
    """Enterprises of the events: mean intensities of their industry, median tastes."""
    from sim.kernels import arrays
    from sim.model import utility

    count, industry = len(events.year), number[events.industry]
    zeros = np.zeros(count, int)
    table = world.region.industries
    loading = np.zeros((count, len(arrays.LOADINGS)))
    for name in ("trade", "rnd"):
        values = table[name].to_numpy(float)
        loading[:, arrays.LOADINGS.index(name)] = (values / max(float(values @ table["share"]), 1e-9))[industry]
    loading[:, arrays.TASTE_TAX] = 1.0
    return utility.Choosers(
        site=events.origin, legal=np.full(count, -1), status=zeros + arrays.SETTLED,
        arriving=np.where(events.origin < 0, arrays.NEWCOMER, arrays.MOVER), industry=industry, hq_type=zeros,
        hightech=zeros, kind=industry, weight=zeros + arrays.WEIGHT_ONE, log_size=np.zeros(count), age=np.zeros(count),
        loading=loading, held=np.zeros(count), spun=zeros)
