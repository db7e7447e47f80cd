"""A quarter with every process on equals its naive twin, field by field: whole numbers exactly, the rest to 1e-11."""

import copy
import dataclasses

import numpy as np
import pytest

from sim.kernels import arrays
from sim.model import step
from tests.oracles import naive_quarter
from tests.samples import worlds

QUARTERS = 8
ALL = {"rtol": 1e-11, "atol": 1e-11}
POLICIES = [
    worlds.policy("tax_rate", rate=10.0, sites=["site-1", "site-3"], movers=True, years=1.0, start=worlds.date(2021, 4),
                  announced=worlds.date(2021, 1), lag=1.0),
    worlds.policy("grant", amount=8.0, sites=["site-0"], start=worlds.date(2021, 4), end=worlds.date(2022, 4), lag=0.5),
    worlds.policy("recognition", amount=9.0, sites=["site-2", "site-5"], revenue={"growth": 100.0},
                  research={"functional": 4.0, "growth": 5.0}),
    worlds.policy("regime_exposure", exposure="ftz", sites=["site-2"], start=worlds.date(2021, 7), lag=2.0),
    worlds.policy("red_line", share=0.3, sites=["site-4"], start=worlds.date(2021, 7)),
    worlds.policy("land_capacity", change=0.4, sites=["site-1"], start=worlds.date(2021, 4), building_time=0.5),
    worlds.policy("services", system="finance", change=0.5, sites=["site-3"], start=worlds.date(2021, 10)),
    worlds.policy("talent", change=0.3, sites=["site-5"], start=worlds.date(2021, 4), end=worlds.date(2022, 1)),
    worlds.policy("enclave", partner="site-0", sites=["site-3"], start=worlds.date(2021, 7)),
    worlds.policy("alliance", name="club", industries=["industry-0", "industry-2"], share=0.5),
    worlds.policy("alliance", name="guild", industries=["industry-0"], share=0.4, lag=2.0, start=worlds.date(2021, 7)),
    worlds.policy("anchor", name="head", industry="industry-2", employees=900.0, sites=["site-4"], alliances=["club"],
                  own_floor=0.4, spinoff_multiplier=5.0),
    worlds.policy("anchor", name="comer", industry="industry-0", employees=400.0, sites=["site-1"], suppliers=40.0,
                  supplier_industries=["industry-1", "industry-2"], start=worlds.date(2021, 4),
                  end=worlds.date(2022, 4)),
    worlds.policy("anchor", name="chooser", industry="industry-1", employees=300.0, sites=["site-2"], chooses=True,
                  start=worlds.date(2021, 7))]
COMMON = [worlds.years(QUARTERS), {
    "population": {"candidates": 50, "size_sd": 0.9}, "entry": {"rate": 0.9, "trend": 0.1}, "exit": {
        "headquarters_factor": 3.0, "rent_elasticity": 0.8, "size_elasticity": 0.2},
    "spinoff": {"rate": 0.4, "stay": 0.6}, "growth": {"density": 0.2}, "land": {"modelled_share": 0.7, "slack": 1.05},
    "moving": {"cost": 0.6},
    "base_year": {"constants": {"site-1": 0.5, "site-4": -1.0}}, "peers": {
        "payoff": [[0.1 * k * n for n in range(9)] for k in range(6)]}}]
CASES = {
    "as shipped": {},
    "linear peers, all at once": {"peers": {"form": "linear"}, "switches": {"revision": "simultaneous"}},
    "saturating peers, counts frozen": {"peers": {"form": "saturating", "counts": "frozen"}},
    "a table of payoffs, one revises": {"peers": {"form": "table"}, "switches": {"revision": "one"}},
    "registration is function": {"switches": {"registration": "function"}},
    "constant exit, rents frozen": {"switches": {"exit": "constant"}, "land": {"rents": "frozen"}},
    "no churn": {"switches": {"churn": False}}}


def world(case):
    """Two unlike members, several nests, policies and anchors that begin and end within the run."""
    where = worlds.unlike(worlds.region([0, 0, 1, 1, 1, 2], industries=3))
    made = worlds.make(where, *(worlds.values(*COMMON, own, CASES[case]) for own in worlds.SEVERAL), policies=POLICIES)
    station = np.where(np.arange(6) % 2, np.arange(QUARTERS + 1)[:, None], -1)[None]
    return made._replace(world=dataclasses.replace(made.world, station_age=station + np.zeros((1, 1, 6))))


@pytest.fixture(scope="module", params=CASES)
def course(request):
    """(world, fixed, [(economy at the opening, economy at the close, QuarterRecord)]) of every quarter of a case."""
    made = world(request.param)
    economy, found = copy.deepcopy(made.economy), []
    for q in range(QUARTERS):
        opening = copy.deepcopy(economy)
        economy, info = step.step(made.world, made.fixed, economy, q)
        found.append((opening, copy.deepcopy(economy), info))
    return request.param, made, found


def told(economy, info):
    """What the production quarter leaves behind, under the twin's names."""
    events, of_headquarters = info.events._asdict(), info.of_headquarters._asdict()
    named = {name: getattr(info, name) for name in (
        "enterprises", "headquarters", "employees", "rent", "floor", "unmet_demand", "red_line_premium",
        "at_capacity", "at_risk", "closed")}
    return (named | events | {f"headquarters_{name}": value for name, value in of_headquarters.items()}
            | {"asked": info.asked.number, "entrant_value": info.asked.value, "counts": economy.counts,
               "log_density": economy.log_density})


def test_every_quarter_equals_its_twin(course):
    case, made, quarters = course
    for q, (opening, close, info) in enumerate(quarters):
        state, twin = naive_quarter.quarter(made.world, made.fixed, opening, q)
        for name, value in told(close, info).items():
            compare(f"{case}, quarter {q}, {name}", value, twin[name])
        there = close.state.site != arrays.EMPTY
        for name in arrays.State._fields:
            found, wanted = (getattr(each, name)[there] for each in (close.state, state))
            compare(f"{case}, quarter {q}, state.{name}", found, wanted)


def compare(what, found, twin):
    found, twin = np.asarray(found), np.asarray(twin)
    if found.dtype.kind == "f":
        np.testing.assert_allclose(found, twin, **ALL, err_msg=what)
    else:
        assert np.array_equal(found, twin), what


def test_every_kind_of_event_happens(course):
    """A quarter in which nothing happens would prove nothing."""
    case, _, quarters = course
    sums = {name: sum(np.abs(told(close, info)[name]).sum() for _, close, info in quarters)
            for name in ("entries", "exits", "spinoffs", "flows", "headquarters_growth", "headquarters_flows")}
    quiet = {name for name, number in sums.items() if not number}
    assert quiet <= {"no churn": {"spinoffs", "headquarters_growth", "headquarters_flows"},
                     "a table of payoffs, one revises": {"headquarters_flows"}}.get(case, set())
