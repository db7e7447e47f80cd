"""The slim model as a configuration of this program, for `slim.py` and `slim_kernel.py`."""

import copy
import pathlib
import tempfile

import numpy as np

from sim.kernels.choice.alike import are_alike, choose_alike
from sim.model import assemble, choice_tables, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.step import _no_events, step
from sim.region.synthetic import synthetic_region, write
from sim.scenario.load import load

INDUSTRIES, GAMMA, COST = 8, 0.3, 2.0
SCENARIO = """title = "Slim"
region = "region"
[time]
start = 2021-01-01
end = 2040-12-31
[population]
candidates = {number}
[base_year.constants]
[moving]
cost = {cost}
log_size = 0.0
age = 0.0
log_distance = 0.0
[choice]
review = 1.0
keep_errors = 0.0
dissimilarity = 1.0
[switches]
churn = false
registration = "function"
revision = "simultaneous"
[land]
rents = "frozen"
[peers]
decay = 0.01
[terms.localisation]
gamma = {gamma}
[terms.coagglomeration]
gamma = 0.0
[terms.headquarters]
gamma = 0.0
[terms.scitech]
beta = 0.0
[terms.home]
beta = 0.0
[terms.tax]
taste_sd = 0.0
[terms.access_taste]
sd = 0.0
[terms.core_taste]
sd = 0.0
[terms.linkage_taste]
sd = 0.0
[diagnostics]
members = 0
[policies.tax]
instrument = "tax_rate"
rate = 15.0
permanent = true
sites = ["site-0"]
start = 2020-01-01
"""


def opened(number, sites, replicate=0):
    """(world, RunConstants, ModelState) of the slim scenario; a tenth of its enterprises are headquarters."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        region = synthetic_region(sites, seed=1, nests=1, industries=INDUSTRIES)
        counts = ["headquarters", "low", "high"]
        region.stock[counts] = (region.stock[counts] * 0.1 * number / region.stock["headquarters"].sum()).round()
        write(region, folder / "region")
        (folder / "slim.toml").write_text(SCENARIO.format(number=number, gamma=GAMMA, cost=COST), "utf-8")
        scenario = load(str(folder / "slim.toml"))
        world = assemble.build(region_of(scenario), members_of(scenario, [replicate]))
    return world, *initialise.prepare(world)[:2]


def product(number, sites):
    """A function that simulates the next quarter."""
    world, fixed, economy = opened(number, sites)
    at = {"economy": economy, "quarter": 0}

    def quarter():
        at["economy"], _ = step(world, fixed, at["economy"], at["quarter"])
        at["quarter"] += 1
    return quarter


def choices(number, sites, kernel=choose_alike, replicate=0):
    """A function that lets all of a member choose, in the next of their epochs; it returns State and Events."""
    world, fixed, economy = opened(number, sites, replicate)
    levers = choice_tables.levers_at(world, 0, fixed.constant, np.ones((1, world.sites)))
    offers, state = choice_tables.choice_tables(world, levers, 0), copy.deepcopy(economy.state)
    assert are_alike(state, offers, world.nests, fixed.moving, fixed.rules)
    given = offers, world.nests, fixed.peers, fixed.moving, world.keys, fixed.rules

    def quarter():
        state.site[:], events = economy.state.site, _no_events(world)
        kernel(0, state, economy.counts, *given, events)
        return state, events, (economy, offers, fixed)
    return quarter
