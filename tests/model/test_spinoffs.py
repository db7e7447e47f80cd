"""Spin-offs: the urn they draw from, the tail that growth leaves, and what must not move them.

T23 and T25 at fixed seeds: Kolmogorov-Smirnov p > 1e-3, exponents within 0.03.
"""

import copy
import math

import numpy as np
import pytest
from scipy import stats

from sim.base.errors import InputError
from sim.kernels import arrays
from tests.samples import worlds

# -- who is founded ----------------------------------------------------------------------------------

LIVELY = {"population": {"candidates": 1500}, "spinoff": {"share": 0.4}, "entry": {"rate": 0.2}}


def story(*overrides, policies=(), members=1, quarters=12):
    """A lively run and its spin-offs still alive: id -> slot."""
    where = worlds.synthetic_region(8, nests=3)
    made = worlds.make(where, worlds.values(worlds.years(quarters), LIVELY, *overrides), policies=policies,
                       members=members)
    infos, economy = worlds.run(made, quarters)
    return made, infos, economy.state


def spun_off(state, m=0):
    """id -> slot of a member's spin-offs."""
    return {int(state.id[m, i]): i for i in np.flatnonzero((state.site[m] >= 0) & (state.parent[m] != 0))}


@pytest.fixture(scope="module")
def plain_story():
    return story()


def test_a_spin_off_is_the_same_whatever_the_scenario(plain_story):
    _, _, state = plain_story
    grant = worlds.policy("grant", amount=500.0, sites=["site-2"])
    _, _, other = story(policies=[grant, worlds.policy("tax_rate", rate=5.0, sites=["site-4"], movers=True)])
    mine, others = spun_off(state), spun_off(other)
    both = mine.keys() & others.keys()
    assert len(both) > 0.9 * len(mine) > 90
    for name in ("parent", "industry", "hq_type", "hightech", "kind", "born", "loading"):
        a, b = (getattr(s, name)[0, [ids[i] for i in both]] for s, ids in ((state, mine), (other, others)))
        assert (a == b).all()
    assert (state.site[0, [mine[i] for i in both]] != other.site[0, [others[i] for i in both]]).any()


def test_a_lower_rate_thins_the_same_stream():
    births = {"growth": {"sd": 0.0, "density": 0.0}, "exit": {"headquarters_factor": 0.0},
              "spinoff": {"size_exponent": 0.0, "stay": 1.0}}
    few, many = (set(spun_off(story(births, {"spinoff": {"rate": rate}})[2])) for rate in (0.05, 0.2))
    assert few < many
    assert 2 * len(few) < len(many)


def test_a_share_of_0_is_no_spin_offs():
    _, infos, state = story({"spinoff": {"share": 0.0}})
    assert sum(info.events.spinoffs.sum() for info in infos) == 0
    assert (state.parent == 0).all()


def test_a_rate_with_a_share_of_0_is_refused():
    with pytest.raises(ValueError, match=r"0\.1 spin-offs a year, but spinoff\.share is 0; expected a share above 0"):
        worlds.values({"spinoff": {"share": 0.0, "rate": 0.1}})


def test_more_spin_offs_than_enterprises_can_have_are_refused():
    with pytest.raises(InputError, match=r"spinoff\.share: .* spin-offs a quarter would leave 1500 enterprises"):
        story({"spinoff": {"share": 0.95}, "entry": {"rate": 5.0}})


def test_spin_offs_are_a_part_of_entries_and_have_a_parent(plain_story):
    made, infos, state = plain_story
    assert all((info.events.spinoffs <= info.events.entries).all() for info in infos)
    known = set(state.id[0]) | set(made.economy.state.id[0])
    children = (state.site[0] >= 0) & (state.parent[0] != 0)
    assert np.isin(state.parent[0, children], list(known)).mean() > 0.9    # parents of the others closed
    assert len(set(state.id[0, state.site[0] >= 0])) == (state.site[0] >= 0).sum()


@pytest.mark.parametrize(("key", "name"), [("same_industry", "industry"), ("stay", "site")])
@pytest.mark.parametrize("chance", [0.0, 0.7, 1.0])
def test_spin_offs_inherit_industry_and_site_at_the_given_chances(key, name, chance):
    still = {"choice": {"review": 0.0}, "exit": {"headquarters_factor": 0.0}, "moving": {"cost": 9.0},
             "base_year": {"constants": {}}}
    made, _, state = story({"spinoff": {key: chance}}, still)
    where = {int(identity): i for i, identity in enumerate(state.id[0])}
    children = np.fromiter(spun_off(state).values(), int)
    parents = [where[int(state.parent[0, i])] for i in children]
    alike = (getattr(state, name)[0, children] == getattr(state, name)[0, parents]).mean()
    by_chance = 0.25                                    # at most, of those who draw or choose for themselves
    sd = 4 * 0.5 / len(children) ** 0.5
    assert chance - sd * (chance < 1) <= alike <= chance + (1 - chance) * by_chance + sd


def test_enterprises_and_spin_offs_more_move_nobody_elses_draw():
    frozen = {"peers": {"counts": "frozen"}, "land": {"rents": "frozen"}, "growth": {"density": 0.0}}
    made, _, state = story(frozen)
    closed = copy.deepcopy(made.economy.state)
    closed.site[:, ::5] = arrays.EMPTY                      # nor those whom the absent would have founded
    _, economy = worlds.run(made._replace(economy=made.economy._replace(state=closed)), 12)
    mine, others = (dict(zip(s.id[0][s.site[0] >= 0].tolist(), s.site[0][s.site[0] >= 0].tolist()))
                    for s in (state, economy.state))
    assert others.items() <= mine.items()
    assert len(others) < 0.9 * len(mine)


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 0.5, 1.0, 2.0])
def test_the_expected_spin_offs_that_enter_are_the_share_of_expected_entrants(exponent):
    made = story({"spinoff": {"size_exponent": exponent}}, quarters=1)[0]
    size = np.exp(made.economy.state.log_size - made.fixed.traits.log_median)
    founded = np.minimum(made.fixed.spinoff_rate[:, None] * size ** exponent, 1).sum()
    entering = founded * (0.7 + 0.3 * 0.8)
    others = 0.25 * 1500 * 0.2 * (1 - 0.4) * 0.8
    assert abs(entering / (entering + others) - 0.4) < 1e-12


def test_larger_enterprises_have_more_spin_offs(plain_story):
    made, _, state = plain_story
    first = made.economy.state
    is_parent = np.isin(first.id[0], state.parent[0])
    assert first.log_size[0, is_parent].mean() > first.log_size[0, ~is_parent].mean() + 0.3


# -- the largest size --------------------------------------------------------------------------------

def test_no_enterprise_is_larger_than_the_largest():
    made, _, state = story({"population": {"largest": 2000.0}, "growth": {"sd": 0.5}}, quarters=40)
    for each in (made.economy.state, state):
        size = each.log_size[each.site >= 0]
        assert (size <= math.log(2000.0) + 1e-12).all()
        assert (size > math.log(1500.0)).any()


def test_the_tail_of_sizes_is_a_truncated_pareto():
    where = worlds.region([0])
    sizes = {"population": {"largest": 5000.0, "tail_share": 0.2}}
    v = worlds.plain(where, [0], worlds.people(40_000), sizes)
    size = np.exp(worlds.make(where, v).economy.state.log_size[0])
    start = 100 * math.exp(stats.norm.ppf(0.8))
    k = (5000.0 / start) ** -1.06
    law = lambda x: (1 - (x / start) ** -1.06) / (1 - k)                      # noqa: E731
    assert stats.kstest(size[size > start], law).pvalue > 1e-3
    assert size.max() <= 5000.0


def test_a_tail_that_begins_beyond_the_largest_size_is_refused():
    with pytest.raises(ValueError, match=r"begin at e\^\d+\.\d employees; expected a tail that begins below"):
        worlds.values({"population": {"median_size": 1e5}})
