"""T29 for headquarters: what happens to them adds up; and what the region is worth to entrants.

Identities are exact in whole numbers.
"""

import copy
import math

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.firms.headquarters import first_look
from sim.model import choice_tables
from sim.model import step as quarters
from sim.model.processes import welfare
from sim.model.recorder import Recorder
from tests.samples import worlds

QUARTERS = 12
LIVELY = {"population": {"candidates": 900}, "moving": {"rate": 0.1, "constants": "uniform"}, "growth": {"sd": 0.6},
          "entry": {"rate": 0.3}, "choice": {"keep_errors": 0.5}, "exit": {"headquarters_factor": 2.0}}
ANCHOR = dict(instrument="anchor", industry="industry-0", hq_type="comprehensive", suppliers=20.0)
POLICIES = [worlds.policy(**ANCHOR, name="first", employees=5000.0, sites=["site-1"],
                          start=worlds.date(2021, 4), end=worlds.date(2022, 1)),
            worlds.policy(**ANCHOR, name="second", employees=9000.0, sites=["site-2"],
                          start=worlds.date(2022, 1))]


@pytest.fixture(scope="module")
def story():
    """A prepared world of two members, its opening headquarters and the infos of lively quarters."""
    made = worlds.make(worlds.synthetic_region(8, nests=3), worlds.values(worlds.years(QUARTERS), LIVELY),
                       members=2, policies=POLICIES)
    return made, worlds.headquarters(made), worlds.run(made, QUARTERS)[0]


def by_site(cube):
    return cube.sum(axis=(2, 3))


def test_every_kind_of_event_happens(story):
    flows = [info.of_headquarters for info in story[2]]
    for name in ("entries", "exits", "spinoffs", "flows"):
        assert sum(getattr(each, name).sum() for each in flows) > 5, name
    assert sum((each.growth > 0).sum() for each in flows) > 5
    assert sum((each.growth < 0).sum() for each in flows) > 5
    assert sum(each.flows[..., -1].sum() for each in flows) > 0


def test_t29_the_stock_follows_from_the_flows_at_every_site(story):
    before = by_site(story[1])
    for info in story[2]:
        f, now = info.of_headquarters, by_site(info.headquarters)
        moved = f.flows[..., :-1].sum(axis=1) - f.flows.sum(axis=2)
        assert (now == before + f.entries - f.exits + f.growth + moved).all()
        before = now


def test_t29_what_happens_to_headquarters_happens_to_enterprises(story):
    for info in story[2]:
        ours, all_of = info.of_headquarters, info.events
        for name in ("entries", "exits", "spinoffs"):
            assert (getattr(ours, name) <= by_site(getattr(all_of, name))).all()
        assert (ours.flows <= all_of.flows.sum(axis=1)).all()
        assert (ours.spinoffs <= ours.entries).all()


def test_an_anchor_comes_and_goes_as_a_headquarters(story):
    """One ends in the quarter in which the other starts and may take over its slot."""
    sites = list(story[0].world.region.sites.index)
    arrival, change = story[2][1].of_headquarters, story[2][4].of_headquarters
    assert (arrival.entries[:, sites.index("site-1")] >= 1).all()
    assert (change.exits[:, sites.index("site-1")] >= 1).all()
    assert (change.entries[:, sites.index("site-2")] >= 1).all()


def test_the_last_look_of_a_quarter_is_the_first_of_the_next(story):
    """A quarter goes on with the watch of the one before, so that it has to be what a first look would see."""
    made, economy = story[0], copy.deepcopy(story[0].economy)
    for quarter in range(QUARTERS):
        economy, _ = quarters.step(made.world, made.fixed, economy, quarter)
        anew = first_look(economy.state, made.fixed.criteria)
        assert standing(economy.watch) == standing(anew)
        assert (economy.watch.met == anew.met).all()


def standing(watch):
    """Slots, ids and sites of the headquarters of each member."""
    return [sorted(zip(*(values[m, :number].tolist() for values in (watch.slot, watch.id, watch.site))))
            for m, number in enumerate(watch.number)]


def test_it_is_recorded(story):
    made, _, infos = story
    recorder = Recorder(made.world)
    recorder.quarter(3, infos[3])
    assert (recorder.arrays["headquarters_growth"][:, 4] == infos[3].of_headquarters.growth).all()
    assert (recorder.arrays["headquarters_flows"][:, 4] == infos[3].of_headquarters.flows).all()
    assert (recorder.arrays["entrant_value"][:, 4] == infos[3].asked.value).all()
    assert (recorder.arrays["potential_entrants"][:, 4] == infos[3].asked.number).all()


# -- what the region is worth to potential entrants ---------------------------------------------------

LAST_OF_YEAR = 3


def newcomers(length, utility):
    """A frozen world of one class with newcomers: (made, economy)."""
    where = worlds.region([0, 0, 1, 1])
    v = worlds.plain(where, utility, worlds.years(4), worlds.people(200), worlds.FROZEN,
                     {"choice": {"dissimilarity": length, "outside": True}, "switches": {"churn": True}})
    made = worlds.make(where, v)
    return made, worlds.with_newcomers(made, LAST_OF_YEAR)


def worth(made, economy):
    found = choice_tables.levers_at(made.world, LAST_OF_YEAR, made.fixed.constant, np.ones((1, 4)))
    offers = choice_tables.choice_tables(made.world, found, LAST_OF_YEAR)
    came = np.nonzero((economy.state.site == arrays.CANDIDATE) & (economy.state.parent == 0))
    return welfare.asked(made.world, LAST_OF_YEAR, economy.state, came, economy.counts,
                         (offers, made.fixed.peers, made.fixed.moving))


@pytest.mark.parametrize("length", [1.0, 0.4])
def test_it_is_the_log_sum(length):
    utility = [0.3, -0.5, 0.9, 0.1]
    found = worth(*newcomers(length, utility))
    nests = [utility[:2], utility[2:]]
    wanted = math.log(1 + sum(sum(math.exp(v / length) for v in nest) ** length for nest in nests))
    assert found.value[0] == pytest.approx(wanted, rel=1e-12)
    assert found.number[0] > 0


def test_t39_its_change_is_the_integral_of_the_probability():
    """d logsum = P_j dV_j: Simpson's rule over a rise of one site's utility by 1."""
    steps, values, shares = np.linspace(0, 1, 21), [], []
    for step in steps:
        made, economy = newcomers(0.4, [0.3 + step, -0.5, 0.9, 0.1])
        slots = np.flatnonzero((economy.state.site[0] < 0) & (economy.state.id[0] != 0))
        values.append(worth(made, economy).value[0])
        shares.append(worlds.expected(made, slots=slots[:1], economy=economy)[0, 0])
    weights = np.array([1, *[4, 2] * 9, 4, 1]) / 60
    assert values[-1] - values[0] == pytest.approx(weights @ shares, rel=1e-7)


def test_the_same_are_asked_whatever_the_policy_and_a_grant_is_worth_something_to_them(story):
    made, _, infos = story
    grant = worlds.policy("grant", amount=30.0, sites=["site-3"], start=worlds.date(2021, 10))
    other = worlds.make(made.world.region, worlds.values(worlds.years(QUARTERS), LIVELY), members=2,
                        policies=[*POLICIES, grant])
    theirs = worlds.run(other, QUARTERS)[0]
    assert all((a.asked.number == b.asked.number).all() for a, b in zip(infos, theirs))
    assert (theirs[3].asked.value > infos[3].asked.value).all()      # counts are still the same
    measured = [bool(np.isfinite(info.asked.value).all()) for info in infos]
    assert measured == [k % 4 == 3 for k in range(QUARTERS)]


