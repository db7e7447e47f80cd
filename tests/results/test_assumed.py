"""assumed.csv: the direct dV of every policy by class is the one that its sources give."""

import io

import numpy as np
import pandas as pd
import pytest

from sim.model import assemble
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.region import mixes
from sim.region.opening_stock import expected_shares
from sim.results import summary
from sim.results.direct_effects import effects
from sim.scenario.load import load
from tests.oracles import naive_registration
from tests.samples import runs

KEY = ["integrated_circuits", "intelligent_connectivity", "life_health"]
ZONE_LINK = 'stops = ["origin", "SH_HQ"]'


def table(name, *settings):
    """assumed.csv of a scenario as a reader gets it; numbers are as they were written."""
    scenario = load(str(name), settings)
    frame = pd.read_csv(io.BytesIO(summary.csv_of(effects(region_of(scenario), scenario))))
    return frame.set_index(["policy", "status", "industry", "high_tech"]).sort_index()


def policy(tmp_path, instrument, *lines):
    """A scenario on the delta with one policy, named `it`, over the baseline."""
    path = tmp_path / "it.toml"
    keys = "\n".join([f'instrument = "{instrument}"', 'sites = "towns"', "start = 2026-01-01", *lines])
    path.write_text(f'region = "yrd-zone"\n[policies.it]\n{keys}\n')
    return path


AT_WORK = "switches.registration=function"        # taxes and grants act where enterprises work


@pytest.fixture(scope="module")
def dual():
    return table(runs.ROOT / "scenarios/dual-regime.toml", AT_WORK)


def inclusive(name, gain, *settings):
    """(mean, least, most) over the towns of l_r ln(1 + Q_j (e^(gain / l_r) - 1)), Q_j the chance of a town."""
    scenario = load(str(name), settings)
    region = region_of(scenario)
    places = assemble.build(region, members_of(scenario, [0])).places
    towns = region.sites["is_town"].to_numpy(bool)
    chance, scale = places.home[0][towns][:, towns].sum(axis=0), places.scale[0]
    seen = scale * np.log1p(chance * np.expm1(gain / scale))
    return seen.mean(), seen.min(), seen.max()


@pytest.mark.parametrize(("keys", "gain"), [
    (["tax_rate", "rate = 15.0", "permanent = true"], 0.28),
    (["grant", "amount = 5.0"], 0.3 * np.log1p(5.0 / (0.15 * 100)))])
def test_what_legal_places_offer_is_worth_its_log_sum_at_the_sites(tmp_path, keys, gain):
    path = policy(tmp_path, *keys)
    found = table(path).loc["it"].loc["newcomer"].xs(0, level="high_tech")
    expected = inclusive(path, gain)
    for column, value in zip(("dv", "dv_lowest", "dv_highest"), expected):
        np.testing.assert_allclose(found[column], value, atol=1e-9)
    assert 0 < expected[1] < expected[2] < gain


def exposure(intensity, regime):
    """Every industry's intensity relative to the mean enterprise, times what the towns' status lacks."""
    region = region_of(load(str(runs.ROOT / "scenarios/baseline.toml")))
    statuses = region.statuses[(region.statuses["regime"] == regime) & region.statuses["end"].isna()]
    levels = statuses.groupby("site")["level"].max().reindex(region.sites.index[region.sites["is_town"]])
    values = region.industries[intensity]
    law = mixes.marginal(mixes.industry_mix(region, 2.0), expected_shares(region, {}))
    return values / np.average(values, weights=law) * (1 - levels.fillna(0)).mean()


def test_the_tax_rule_gives_five_years_of_ten_points_to_newcomers_of_key_industries_that_are_not_high_tech(dual):
    p = load(str(runs.ROOT / "scenarios/baseline.toml")).values
    stay = (1 + p.terms.tax.discount_rate) / (1 - p.moving.rate)
    rates = [np.log(stay / (1 - p.exit.headquarters_factor * hazard)) for hazard in p.exit.hazard_by_age]
    discounted = naive_registration.discounted
    worth = 0.028 * 10 * discounted(rates, 0.0, 5.0) / discounted(rates, 0.0, np.inf)
    for column in ("dv", "dv_lowest", "dv_highest"):
        found = dual.loc["ftz-tax", column]
        gains = found[found != 0]
        np.testing.assert_allclose(gains, worth, atol=1e-9)
        assert set(gains.index) == {("newcomer", industry, 0) for industry in KEY}


@pytest.mark.parametrize(("name", "regime", "intensity", "beta"), [
    ("ftz-openness", "ftz", "trade", 0.8 * 0.15), ("ftz-accounts", "ftz", "trade", 0.2 * 0.15),
    ("innovation-status", "scitech", "rnd", 0.10)])
def test_a_status_gives_its_weight_times_exposure_to_everybody(dual, name, regime, intensity, beta):
    """A full FTZ status is opening-up measures, 0.8 of it, and free trade accounts, 0.2."""
    expected = beta * exposure(intensity, regime)
    for (_, industry, _), row in dual.loc[name].iterrows():
        assert row["dv"] == pytest.approx(expected[industry], abs=1e-10)


def test_movers_gain_only_where_the_policy_says_so(tmp_path):
    for movers, gain in (("false", 0.0), ("true", 0.28)):
        path = policy(tmp_path, "tax_rate", "rate = 15.0", f"movers = {movers}", "permanent = true")
        found = table(path, AT_WORK).loc["it"]
        assert set(found.loc["mover"].xs(0, level="high_tech")["dv"]) == {gain}
        assert set(found.loc["newcomer"].xs(0, level="high_tech")["dv"]) == {0.28}
        assert set(found.xs(1, level="high_tech")["dv"]) == {0.0}


def test_a_grant_gives_its_weight_times_the_log_of_one_plus_its_share_in_cost(tmp_path):
    keys = ("amount = 5.0", 'types = ["regional"]', "movers = false")
    found = table(policy(tmp_path, "grant", *keys), AT_WORK).loc["it"]
    paid = found[found["dv"] != 0]
    assert set(paid["hq_type"]) == {"regional"}
    assert set(paid.index.get_level_values("status")) == {"newcomer"}
    assert paid["dv"].to_numpy() == pytest.approx(0.3 * np.log1p(5.0 / (0.15 * 100)), abs=1e-10)


def test_a_link_may_act_everywhere_and_harms_nobody(tmp_path):
    found = table(policy(tmp_path, "transit_link", 'line = "new"', ZONE_LINK, "speed = 200.0"))
    assert set(found["sites"]) == {33}
    assert (found["dv_lowest"] >= 0).all()
    assert (found["dv_highest"] > 0).all()


def test_the_assumption_does_not_depend_on_when_we_look_but_what_is_perceived_does(tmp_path):
    path = policy(tmp_path, "tax_rate", "rate = 15.0")
    early, late = table(path, "time.end=2026-12-31"), table(path)
    assert (early["dv"] == late["dv"]).all()
    assert (early["perceived"] < 0.9).all()
    assert (late["perceived"] > 0.999999).all()


def test_a_policy_that_ends_is_shown_in_its_last_quarter(tmp_path):
    found = table(policy(tmp_path, "tax_rate", "rate = 15.0", "permanent = true", "end = 2030-01-01"), AT_WORK)
    assert set(found["quarter"]) == {"2029-Q4"}
    assert set(found.loc["it"].loc["newcomer"].xs(0, level="high_tech")["dv"]) == {0.28}


def test_without_policies_there_is_nothing_to_show(tmp_path):
    path = tmp_path / "none.toml"
    path.write_text('region = "yrd-zone"\n')
    assert len(table(path)) == 0
