"""Industries and headquarters types of the opening stock, given the site; entrants have the stock's."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.model import opening_population
from sim.region.opening_stock import TYPES, expected_shares
from tests.oracles import naive_life
from tests.samples import worlds

NAMED = pd.DataFrame({"site": ["site-0", "site-0", "site-1"], "industry": ["industry-0", "industry-1", "industry-2"],
                      "share": [np.nan, 0.5, np.nan]})
KINDS = pd.DataFrame({"site": ["site-0", "site-1"], "hq_type": ["regional", "growth"], "share": [1.0, np.nan]})
QUOTIENT = {"population": {"named_quotient": 3.0}}


def plain_region():
    return worlds.region([0, 0, 0], industries=3)


def named_region():
    return dataclasses.replace(plain_region(), specialisations=NAMED, headquarters_types=KINDS)


def opened(where, *overrides, candidates=6000, members=1):
    v = worlds.plain(where, [0.0, 0.2, 0.4], worlds.people(candidates), *overrides)
    return worlds.make(where, v, members=members)


@pytest.fixture(scope="module")
def named():
    return opened(named_region(), QUOTIENT)


@pytest.mark.parametrize(("attribute", "mix"), [("industry", 0), ("hq_type", 1)])
def test_kinds_at_each_site_follow_its_mix(named, attribute, mix):
    state, law = named.economy.state, opening_population.mixes_of(named.world)[mix]
    for site in range(3):
        seen = np.bincount(getattr(state, attribute)[0][state.site[0] == site], minlength=law.shape[1])
        there = law[site] > 0
        assert seen[~there].sum() == 0
        assert there.sum() == 1 or stats.chisquare(seen[there], seen.sum() * law[site, there]).pvalue > 1e-3


def test_entrants_have_the_industries_and_types_of_the_stock(named):
    stock = expected_shares(named.world.region, {})
    for law, mix in zip(opening_population.laws(named.world), opening_population.mixes_of(named.world)):
        assert law == pytest.approx(stock @ mix, abs=1e-15) and law.sum() == pytest.approx(1.0)
    traits = opening_population.traits(named.world)
    assert np.diff(traits.industry_cum, prepend=0) == pytest.approx(opening_population.laws(named.world)[0])
    assert traits.type_cum[-1] == pytest.approx(1.0) and len(traits.type_cum) == len(TYPES)


def test_intensities_are_relative_to_the_mean_enterprise_of_the_stock(named):
    traits, (industry, _types) = opening_population.traits(named.world), opening_population.laws(named.world)
    assert traits.trade @ industry == pytest.approx(1.0) and traits.rnd @ industry == pytest.approx(1.0)


def test_where_no_industry_is_named_the_stock_is_drawn_as_entrants_are():
    """By the same key and the same law, so a region without mixes has the same bits as one that never had any."""
    made = opened(plain_region(), candidates=300)
    state, traits = made.economy.state, opening_population.traits(made.world)
    stream = made.fixed.streams["attributes"][0]
    for n in range(300):
        drawn = naive_life.attributes(naive_life.combine(stream, state.id[0, n]), 0, traits)
        assert (drawn["industry"], drawn["hq_type"]) == (state.industry[0, n], state.hq_type[0, n])


def test_a_quotient_of_one_is_as_if_nothing_were_named():
    names = NAMED[NAMED["share"].isna()]
    bare = dataclasses.replace(named_region(), specialisations=names, headquarters_types=KINDS[1:])
    alike = opened(bare, {"population": {"named_quotient": 1.0}}, candidates=500).economy.state
    plain = opened(plain_region(), candidates=500).economy.state
    assert (alike.industry == plain.industry).all() and (alike.hq_type == plain.hq_type).all()


def test_another_quotient_changes_few_enterprises_and_no_place():
    one, other = (opened(named_region(), {"population": {"named_quotient": q}}).economy.state for q in (2.0, 2.2))
    assert (one.site == other.site).all() and (one.log_size == other.log_size).all()
    assert 0 < (one.industry != other.industry).mean() < 0.1
