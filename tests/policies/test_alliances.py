"""Alliances: who belongs, who counts whom, and that without members or before their day there is none."""

import numpy as np
import pytest

from sim import terms
from sim.model import choice_tables
from sim.policies.levers import neutral
from tests.samples import worlds

EVERYWHERE = {"population": {"candidates": 3000}, "moving": {"cost": 1.0}, "base_year": {"constants": {}}}


HERE = ["site-0", "site-3"]


def alliance(name="club", **keys):
    """One whose members are wherever they are, unless the keys say more."""
    return worlds.policy("alliance", **{"industries": ["industry-0", "industry-1"], "share": 0.3, "name": name,
                                        "sites": "all", **keys})


def made(*policies, quarters=12, **overrides):
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    return worlds.make(where, worlds.values(worlds.years(quarters), EVERYWHERE, overrides), policies=policies)


def belongs(m, number=0):
    """(enterprise,) whether the opening stock's enterprises belong to an alliance."""
    return (m.economy.state.kind[0] // 3 >> number & 1).astype(bool)


def test_without_alliances_there_is_no_term_and_a_kind_is_an_industry():
    m = made()
    assert m.fixed.peers.row_of_kind.shape == (3, 3) and (m.world.industry_of_kind == [0, 1, 2]).all()
    assert choice_tables.peers_at(m.world, neutral(1, 6), m.fixed.peers) is m.fixed.peers


def test_members_are_the_given_share_of_the_named_industries():
    m = made(alliance())
    industry, member = m.economy.state.industry[0], belongs(m)
    n = (industry < 2).sum()
    assert not member[industry == 2].any()
    assert abs(member.sum() - 0.3 * n) < 4 * (n * 0.3 * 0.7) ** 0.5


def test_a_larger_alliance_has_the_members_of_a_smaller_one():
    small, large = (belongs(made(alliance(share=share))) for share in (0.2, 0.5))
    assert (large >= small).all() and large.sum() > small.sum()


def test_who_belongs_depends_on_the_name_and_not_on_other_alliances():
    alone, beside = made(alliance()), made(alliance("guild", share=0.6), alliance())
    assert (belongs(alone) == belongs(beside, 1)).all() and (belongs(beside, 0) != belongs(beside, 1)).any()
    assert (alone.economy.state.industry == beside.economy.state.industry).all()


def assert_same(m, other, quarters=12):
    for info, twin in zip(worlds.run(m, quarters)[0], worlds.run(other, quarters)[0]):
        for one, other_one in zip(leaves(info), leaves(twin), strict=True):
            np.testing.assert_array_equal(one, other_one)


def leaves(value):
    """The arrays of a tuple of tuples of arrays."""
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, tuple) else [value]


@pytest.mark.parametrize("keys", [{"share": 0.0}, {"start": worlds.date(2024, 1)},
                                  {"start": worlds.date(2024, 1), "announced": worlds.date(2022, 1),
                                   "credibility": 0.0}])
def test_an_alliance_of_nobody_or_of_later_changes_nothing_bit_by_bit(keys):
    assert_same(made(alliance(**keys)), made())


def test_an_alliance_without_weight_changes_nothing_bit_by_bit():
    assert_same(made(alliance(), terms={"partners": {"gamma": 0.0}}), made())


def test_an_alliance_changes_something():
    with pytest.raises(AssertionError):
        assert_same(made(alliance(), terms={"partners": {"gamma": 0.6}}), made())


def phi(m, *perceived):
    """(set of alliances, kind) how much kinds count, alliances perceived by so much."""
    levers = neutral(1, 6)._replace(alliances=np.array([perceived], float))
    return terms.registry.get("partners")(m.world, levers).phi[0]


def test_those_who_share_an_alliance_count_once_and_as_far_as_it_is_perceived():
    m = made(alliance(), alliance("guild"))
    sets = phi(m, 1.0, 0.25)[:, ::3]                       # industry 0: by the alliances of either side
    assert (sets == [[0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0.25, 0.25], [0, 1, 0.25, 1]]).all()


def test_who_belongs_to_none_looks_at_nobody():
    m = made(alliance())
    assert m.fixed.peers.row_of_kind[-1].tolist() == [-1, -1, -1, 1, 1, 1]


def weight_of_partners(m, quarter):
    levers = choice_tables.levers_at(m.world, quarter, m.fixed.constant, np.ones((1, 6)))
    return choice_tables.peers_at(m.world, levers, m.fixed.peers).phi[0, -1, 1, 3] / 1024


def test_t35_partners_count_as_the_alliance_becomes_known_and_is_given_up():
    """Erlang(2, L): 1 - e^-x (1 + x), x = 2 t / L, in the middle of the quarter."""
    m = made(alliance(start=worlds.date(2022, 1), end=worlds.date(2024, 1), lag=1.0), quarters=24)
    known = lambda quarters: 1 - np.exp(-x) * (1 + x) if (x := 2 * (quarters + 0.5) / 4) > 0 else 0.0    # noqa: E731
    for quarter in range(24):
        expected = known(quarter - 4) * (1 - known(quarter - 12))
        assert abs(weight_of_partners(m, quarter) - expected) <= 0.5 / 1024


def test_an_anchor_counts_as_a_partner_with_its_weight():
    head = worlds.policy("anchor", name="head", industry="industry-2", employees=100.0, sites=["site-1"],
                         alliances=["club"], weight=20.0)
    m = made(alliance(), head)
    assert m.economy.counts[0, 3 + 2, 1] == 20 * 16          # in the alliance, though of no industry of it


def test_an_alliance_of_some_sites_has_the_members_of_one_of_all_that_stand_there():
    everywhere, here = made(alliance()), made(alliance(sites=HERE))
    at = np.isin(here.economy.state.site[0], [0, 3])
    assert (belongs(here) == belongs(everywhere) & at).all() and belongs(here).any()


def test_who_settles_elsewhere_does_not_belong_and_a_head_enterprise_does():
    head = worlds.policy("anchor", name="head", industry="industry-2", employees=100.0, sites=["site-1"],
                         alliances=["club"], start=worlds.date(2021, 4))
    m = made(alliance(sites=HERE), head, entry={"rate": 0.5})
    state = worlds.run(m, 8)[1].state
    member = (state.site[0] >= 0) & (state.kind[0] // 3 > 0)
    assert set(state.site[0][member & (state.anchor[0] == 0)]) == {0, 3}
    assert state.site[0][member & (state.anchor[0] != 0)].tolist() == [1]


def test_partners_draw_members_to_be_to_the_sites_of_the_alliance():
    """With members everywhere it is the places with most of them that gain."""
    def entered(**keys):
        m = made(alliance(**keys), entry={"rate": 0.5}, terms={"partners": {"gamma": 0.8}})
        return sum(info.events.entries[0, 3].sum() for info in worlds.run(m, 8)[0])
    assert entered(sites=["site-3"]) > entered()
