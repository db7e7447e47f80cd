"""The share registered apart is a target that l_r meets, and what must not matter to registrations."""

import copy
import dataclasses

import numpy as np
import pytest

from sim.kernels import arrays
from sim.model import assemble, choice_tables, registration_prior
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.preflight.validation import warnings as doubts
from sim.model.processes.registration import register as process
from sim.region.synthetic import synthetic_region
from sim.scenario.load import load
from tests.samples import runs, worlds
from tests.samples.registrations import FUNCTION, GRANT, TAX, apart, share_apart

# -- calibration: the share is a target, l_r meets it ------------------------------------------------

@pytest.mark.parametrize(("share", "substance"), [(0.33, 0.1), (0.2, 0.3), (0.4, 0.05)])
def test_the_share_registered_apart_is_met_by_l_r(share, substance):
    keys = {"registration": {"share": share, "substance": substance}}
    made = apart({"population": {"candidates": 4000, "spread": 1e6}}, keys)
    order, shares = made.world.places.order, np.full(6, 1 / 6)
    cost = registration_prior.costs(substance, 0.5, made.world.distance)
    assert abs(registration_prior.separated(shares, cost, made.world.places.scale[0], order) - share) < 1e-12
    assert abs(share_apart(made.economy.state) - share) < 4 * (share * (1 - share) / 4000) ** 0.5


def test_a_stricter_rule_and_a_smaller_l_r_register_fewer_apart():
    made, shares = apart(), np.full(6, 1 / 6)
    order, km = made.world.places.order, made.world.distance
    by_rule = [registration_prior.separated(shares, registration_prior.costs(s, 0.5, km), 0.3, order)
               for s in (0.0, 0.1, 0.5, 1.0)]
    by_scale = [registration_prior.separated(shares, registration_prior.costs(0.1, 0.5, km), scale, order)
                for scale in (0.05, 0.3, 1.0)]
    assert (np.diff(by_rule) < 0).all()
    assert by_rule[-1] == 0.0
    assert (np.diff(by_scale) > 0).all()


def test_the_model_description_tells_the_l_r_of_the_shipped_region():
    scenario = load(str(runs.ROOT / "scenarios" / "baseline.toml"))
    made = assemble.build(region_of(scenario), members_of(scenario, [0]))
    scale = made.places.scale[0]
    said = (runs.ROOT / "docs" / "odd.md").read_text("utf-8").replace("\n", " ")
    assert f"gives l_r = {scale:.2f}, so ten points" in said
    assert f"a legal place by e^{10.0 * made.p.terms.tax.beta[0] / scale:.2f}, " in said


def test_base_probabilities_are_those_of_the_formula():
    where = synthetic_region(7, nests=2, seed=5)
    p = tables_of(where, registration={"dissimilarity": 0.4, "substance": 0.2, "distance": 0.7})
    q, s = p.home[0], registration_prior.expected_shares(where, {})
    km = where.distances()
    for j in range(7):
        weight = [1.0 if r == j else s[r] / (1 - s[j]) * np.exp(-0.25 * 0.7 * np.log(1 + km[r, j]) / 0.4)
                  for r in range(7)]
        np.testing.assert_allclose(q[:, j], np.array(weight) / sum(weight), rtol=1e-12)


def tables_of(where, **sections):
    made = worlds.make(where, worlds.values(worlds.years(1), sections, {
        "base_year": {"constants": {}}, "moving": {"cost": 1.0}, "population": {"candidates": 1000}}))
    return made.world.places


# -- what must not matter ----------------------------------------------------------------------------

def test_relabelling_sites_permutes_the_values_of_places_bit_by_bit():
    where, order = synthetic_region(7, nests=2, seed=5), np.array([3, 0, 6, 2, 5, 1, 4])
    here, there = tables_of(where), tables_of(dataclasses.replace(where, sites=where.sites.iloc[order]))
    assert (there.home[0] == here.home[0][np.ix_(order, order)]).all()
    assert (there.scale == here.scale).all()


def test_a_member_registers_as_it_does_alone():
    together = worlds.run(apart(policies=[TAX], members=3), 4)[1].state
    for m in range(3):
        alone = worlds.run(apart(policies=[TAX], members=[m]), 4)[1].state
        live = together.site[m] >= 0
        ids = dict(zip(alone.id[0], alone.legal[0]))
        assert [ids[i] for i in together.id[m][live]] == together.legal[m][live].tolist()


def test_nobody_who_works_somewhere_is_registered_nowhere():
    made = apart(policies=[TAX, worlds.policy("anchor", name="head", industry="industry-1", employees=500.0,
                                              sites=["site-4"], start=worlds.date(2021, 7))])
    state = worlds.run(made, 6)[1].state
    live = state.site >= 0
    assert ((state.legal >= 0) == live)[live].all()
    hosted = live & (state.anchor > 0)
    assert hosted.any()
    assert (state.legal[hosted] == state.site[hosted]).all()


def test_nobody_reregisters_before_something_changes():
    made = apart({"choice": {"review": 1.0, "keep_errors": 0.99}, "switches": {"churn": False}})
    made.fixed.rules.keep[:] = 1.0
    state = copy.deepcopy(made.economy.state)
    process(made.world, made.fixed, 0, state, worlds.offers(made, 0))
    here = made.economy.state.site >= 0
    assert (state.legal == made.economy.state.legal)[here].all()


# -- bad input ---------------------------------------------------------------------------------------

def told(tmp_path, *settings):
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n')
    loaded = load(str(path), settings)
    return list(map(str, doubts(loaded, region_of(loaded))))


def test_a_share_that_no_l_r_meets_is_warned_about(tmp_path):
    assert not any("registration.share" in line for line in told(tmp_path))
    found = told(tmp_path, "registration.substance=0.9")
    assert any("registration.share" in line and "registration.substance" in line for line in found)


def test_tax_and_grant_do_not_enter_twice():
    """With registration apart no table of the site's own utility has them."""
    made = apart(policies=[TAX, GRANT])
    offers, function = (worlds.offers(m, 0) for m in (made, apart(FUNCTION, policies=[TAX, GRANT])))
    assert len(offers.loading_of) == len(function.loading_of) - 1
    assert arrays.TASTE_TAX in function.loading_of
    assert arrays.TASTE_TAX not in offers.loading_of
    assert function.places.relief.size == 0
    assert offers.places.relief.any()
    assert choice_tables.terms.registry.get("tax").legal
    assert choice_tables.terms.registry.get("grant").legal
