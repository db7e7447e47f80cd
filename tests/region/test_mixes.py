"""Mixes of industries and headquarters types by site: the declared rule, and what it refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.region import load as region_files
from sim.region import mixes, synthetic
from sim.region.opening_stock import TYPES, expected_shares

BASE = {"comprehensive": 0.15, "functional": 0.25, "growth": 0.45, "regional": 0.15}


def files(**tables):
    """Those of a made-up region of three sites and three industries, with these tables."""
    made = synthetic.files_of(synthetic.synthetic_region(sites=3, nests=1))
    return made | {f"{name}.csv": "\n".join(lines).encode() for name, lines in tables.items()}


def named(*rows):
    return ["site,industry,share,evidence", *(f"{row},assumption" for row in rows)]


def plain_mix(base, names, quotient):
    """(kind,) shares at a site where kinds are named, each in turn."""
    weights = [share * (quotient if k in names else 1.0) for k, share in enumerate(base)]
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize("quotient", [1.5, 2.0, 4.0])
def test_a_named_industry_has_its_quotient_in_odds(zone, quotient):
    mix = mixes.industry_mix(zone, quotient)
    base = zone.industries["share"].to_numpy()
    for row, site in enumerate(zone.sites.index):
        rows = zone.specialisations[zone.specialisations["site"] == site]
        names = set(zone.industries.index.get_indexer(rows["industry"]))
        assert mix[row] == pytest.approx(plain_mix(base / base.sum(), names, quotient), abs=1e-15)


def test_every_mix_sums_to_one_and_the_marginal_too(zone):
    shares = expected_shares(zone, {})
    for mix in (mixes.industry_mix(zone, 2.0), mixes.type_mix(zone, BASE, 2.0)):
        assert np.abs(mix.sum(axis=1) - 1.0).max() < 1e-12
        assert mixes.marginal(mix, shares) == pytest.approx(shares @ mix / shares.sum(), abs=1e-15)


def test_a_quotient_of_one_makes_all_sites_alike_but_for_shares_that_are_given(zone):
    assert np.ptp(mixes.industry_mix(zone, 1.0), axis=0).max() < 1e-15
    given = zone.sites.index.isin(zone.headquarters_types["site"][zone.headquarters_types["share"].notna()])
    assert np.ptp(mixes.type_mix(zone, BASE, 1.0)[~given], axis=0).max() < 1e-15


def test_a_region_without_the_tables_has_the_same_bits_at_every_site_and_in_all():
    made = synthetic.synthetic_region(sites=5, nests=2)
    share = made.industries["share"].to_numpy()
    mix = mixes.industry_mix(made, 2.0)
    assert (mix == share / share.sum()).all()
    assert (mixes.marginal(mix, np.full(5, 0.2)) == mix[0]).all()
    assert (mixes.type_mix(made, BASE, 2.0) == list(BASE.values())).all()


def test_a_given_share_stands_and_the_rest_goes_by_the_rule():
    made = region_files.from_files(files(specialisations=named("site-0,industry-0,0.7", "site-0,industry-1,")))
    mix = mixes.industry_mix(made, 3.0)
    assert mix[0] == pytest.approx([0.7, 0.3 * 3 / 4, 0.3 / 4])
    assert mix[1] == pytest.approx([1 / 3] * 3)


def test_counted_regional_headquarters_of_multinationals_are_all_of_that_type(zone):
    mix = pd.DataFrame(mixes.type_mix(zone, BASE, 2.0), zone.sites.index, TYPES)
    assert (mix.loc[["zhangjiang", "lujiazui", "lingang", "sip", "jingan", "caohejing"], "regional"] == 1.0).all()
    assert mix.loc["xicen", "functional"] > BASE["functional"] and mix.loc["shengze", "growth"] > BASE["growth"]


def test_a_type_of_which_a_scenario_has_none_is_nowhere_that_it_is_only_named(zone):
    mix = mixes.type_mix(zone, {"growth": 1.0}, 2.0)
    assert mix[zone.sites.index.get_loc("shengze")] == pytest.approx([0, 0, 1, 0])


FAULTS = [
    (named("site-0,industry-0,0.7", "site-0,industry-1,0.4"), "the shares at 'site-0' sum to 1.1"),
    (named("site-0,industry-0,0.5", "site-0,industry-1,0.2", "site-0,industry-2,0.2"), "'site-0' sum to 0.9"),
    (named("site-0,industry-0,", "site-0,industry-0,0.2"), "named twice at 'site-0'"),
    (named(*(f"site-{k},industry-0,0" for k in range(3))), "no site has enterprises of 'industry-0'"),
    (named(*(f"site-{k},industry-1,1" for k in range(3))), "no site has enterprises of 'industry-0'"),
    (named("site-9,industry-0,"), "the id 'site-9' is unknown"),
    (named("site-0,industry-9,"), "the id 'industry-9' is unknown"),
]


@pytest.mark.parametrize("table, said", FAULTS)
def test_a_mix_that_cannot_be_is_refused_in_a_sentence(table, said):
    with pytest.raises(InputError) as caught:
        region_files.from_files(files(specialisations=table))
    assert any(said in str(problem) for problem in caught.value.problems)


def test_naming_an_industry_of_which_the_region_has_none_is_refused():
    made = synthetic.synthetic_region(sites=3, nests=1)
    shares = made.industries.assign(share=[0.0, 0.5, 0.5])
    tables = synthetic.files_of(dataclasses.replace(made, industries=shares))
    tables["specialisations.csv"] = "\n".join(named("site-0,industry-0,")).encode()
    with pytest.raises(InputError, match="'industry-0' is named, but its share in industries.csv is 0"):
        region_files.from_files(tables)


def test_shanghais_regional_headquarters_at_the_start_are_counted_and_typed_but_for_a_twelfth(zone):
    """720 of them are counted in five districts; the city had recognised 831 by the end of 2021."""
    counted = zone.stock.loc[["pudong", "jingan", "xuhui", "changning", "huangpu"], "headquarters"].sum()
    by_site = zone.stock["headquarters"].sum() * expected_shares(zone, {})
    city = zone.sites["jurisdiction"].isin(["qingpu", "rest-shanghai"]).to_numpy()
    typed = (by_site * mixes.type_mix(zone, BASE, 2.0)[:, TYPES.index("regional")])[city].sum()
    assert counted == 720 and typed == pytest.approx(766, abs=1)
    assert 0 < 1 - typed / 831 < 1 / 12
