"""What it is worth to know a parameter before choosing between two scenarios."""

import numpy as np
import pytest
from scipy import stats

from sim.experiments.compare import penalised_splines, uncertainty
from sim.experiments.compare import value_of_information as information
from sim.report import comparison_information
from sim.scenario import schema

DRAWS, PRICED, IDLE = 400, "terms.rent.beta", ("growth.drift", "entry.rate", "moving.rate", "terms.tax.beta")
MEAN, SLOPE, NOISE = 1.0, 3.0, 2.0
PRIORS = [(key, -3.0, 3.0, False) for key in (PRICED, *IDLE)]


def gain(mean, sd):
    """E max(-d, 0) of a normal d."""
    return sd * stats.norm.pdf(mean / sd) - mean * stats.norm.cdf(-mean / sd)


def sample(slope, seed=1, shape=lambda x: x):
    """(effects by measure and scenario, values of draws): an effect linear in one normal parameter, with noise."""
    draw = np.random.default_rng(seed)
    values = [dict(zip((PRICED, *IDLE), each, strict=True)) for each in draw.standard_normal((DRAWS, 1 + len(IDLE)))]
    x = shape(np.array([each[PRICED] for each in values]))
    return {"headquarters": {"policy": MEAN + slope * x[:, None] + NOISE * draw.standard_normal((DRAWS, 2))}}, values


@pytest.fixture(scope="module")
def found():
    return rows(*sample(SLOPE))


def rows(effects, values):
    made = information.table(effects, values, PRIORS, "nothing", 1)
    return made.set_index(made["parameter"].where(made["what"] == "parameter", made["what"]))


def test_of_a_linear_effect_of_a_normal_parameter_it_is_the_closed_form(found):
    """sigma phi(m / sigma) - m Phi(-m / sigma), with the sigma of the parameter and not that of chance."""
    exact = gain(MEAN, SLOPE)
    assert found.loc[PRICED, "value"] == pytest.approx(exact, rel=0.12)
    assert found.loc[PRICED, "low"] < exact < found.loc[PRICED, "high"]
    assert found.loc[PRICED, "held_out"] == pytest.approx(exact, rel=0.25)
    assert found.loc["everything", "value"] == pytest.approx(exact, rel=0.12)


def test_of_an_estimate_it_is_that_of_its_posterior_mean(found):
    """With an error of s the posterior mean has the variance b^2 / (1 + s^2)."""
    error = information.ESTIMATE * 6.0
    assert found.loc[PRICED, "sample_value"] == pytest.approx(gain(MEAN, SLOPE / np.hypot(1.0, error)), rel=0.15)
    assert found.loc[PRICED, "sample_value"] < found.loc[PRICED, "value"]


def test_the_value_at_which_the_order_turns_is_where_the_effect_is_nothing(found):
    assert found.loc[PRICED, "reverses_at"] == pytest.approx(-MEAN / SLOPE, abs=0.15)
    assert found.loc[PRICED, "turns"] == pytest.approx(stats.norm.cdf(-MEAN / SLOPE), abs=0.06)


def test_what_matters_passes_the_permutations_and_what_does_not_fails_them(found):
    assert found.loc[PRICED, "p_value"] == pytest.approx(1 / (1 + information.PERMUTATIONS))
    assert (found.loc[list(IDLE), "p_value"] > information.CERTAIN).all()


def test_a_list_of_firms_gives_the_parameters_that_it_can_and_no_others(found):
    assert found.loc[[PRICED, "moving.rate", "terms.tax.beta"], "from_list"].all()
    assert not found.loc[["growth.drift", "entry.rate"], "from_list"].any()
    assert found.loc["firm list", "value"] == pytest.approx(gain(MEAN, SLOPE), rel=0.12)


def test_noise_passes_in_one_of_twenty_families_at_most():
    """Without any effect of parameters, the smallest of five p-values is below .05 as rarely as it says."""
    passed = 0
    for seed in range(40):
        effects, values = sample(0.0, seed)
        data = effects["headquarters"]["policy"].mean(axis=1)[:, None] - MEAN + 0.05
        columns = {key: np.array([each[key] for each in values]) for key in (PRICED, *IDLE)}
        designs = {key: penalised_splines.smoother([column]) for key, column in columns.items()}
        passed += min(each[0] for each in information._p_values(designs, data, seed).values()) <= information.CERTAIN
    assert passed <= stats.binom.ppf(0.99, 40, information.CERTAIN)


def test_held_out_noise_gains_nothing():
    draw = np.random.default_rng(3)
    outcomes = draw.standard_normal((DRAWS, 300)) + 0.02
    design = penalised_splines.smoother([draw.standard_normal(DRAWS)])
    gained = information.held_out(penalised_splines.left_out(design, outcomes), outcomes)
    assert information.value(penalised_splines.fitted(design, outcomes)).mean() > 0
    assert gained.mean() < 3 * gained.std() / len(gained) ** 0.5


def test_an_order_that_never_turns_is_worth_nothing_to_know():
    effects, values = sample(0.1)
    certain = {"headquarters": {"policy": effects["headquarters"]["policy"] + 50.0}}
    made = rows(certain, values)
    assert (made["value"] == 0).all() and (made["p_value"].dropna() == 1).all() and made["reverses_at"].isna().all()


def test_left_out_fits_are_those_of_fits_without_the_observation():
    draw = np.random.default_rng(5)
    x, y = draw.uniform(size=60), draw.standard_normal((60, 1))
    design = penalised_splines.smoother([x])
    kept = penalised_splines._kept(design, y)[:, 0]
    rest = np.arange(60) != 7
    part = design.basis[rest]
    penalty = np.diag(1.0 / kept - 1.0)
    again = design.basis[7] @ np.linalg.solve(part.T @ part + penalty, part.T @ y[rest, 0])
    assert penalised_splines.left_out(design, y)[7, 0] == pytest.approx(again)


def test_a_curve_is_followed_and_its_mean_kept():
    x = np.linspace(0.0, 1.0, 200)
    y = np.stack([np.sin(6 * x), 2.0 - 3.0 * x], axis=1)
    fit = penalised_splines.fitted(penalised_splines.smoother([x]), y)
    assert np.abs(fit - y).max(axis=0) == pytest.approx([0.0, 0.0], abs=0.02)
    assert fit.mean(axis=0) == pytest.approx(y.mean(axis=0))


def test_of_many_columns_the_lines_stay_free_though_functions_outnumber_observations():
    draw = np.random.default_rng(7)
    columns = [draw.uniform(size=80) * scale for scale in np.logspace(-4, 4, 15)]
    y = sum(column / column.std() for column in columns)[:, None]
    assert penalised_splines.fitted(penalised_splines.smoother(columns), y) == pytest.approx(y, abs=0.02)


def test_few_draws_have_no_value():
    effects, values = sample(SLOPE)
    few = {"headquarters": {"policy": effects["headquarters"]["policy"][:10]}}
    assert not len(information.table(few, values[:10], PRIORS, "nothing", 1))


def test_every_key_of_a_list_is_a_parameter_of_the_schema():
    from sim.config.parameters import rows as declared

    assert set(information.LIST_KEYS) <= {row.key for row in declared(schema.build())}
    assert set(information.UNITS) == set(uncertainty.KEPT)


def test_no_regime_is_among_what_a_list_of_firms_gives():
    assert not {"terms.ftz.beta", "terms.scitech.beta"} & information.listed()


def test_a_list_that_is_worth_no_more_than_chance_has_no_number_on_the_page():
    numbers = {"value": 0.05, "low": 0.0, "high": 0.13, "held_out": -0.4, "p_value": 1.0, "sample_value": 0.05,
               "reverses_at": None}
    one = {"measure": "headquarters"}
    shown = comparison_information._listed(one, {**numbers, "certain": False}, "en")
    assert shown == ["within chance", "–", "−0.40", "1.000", "–", "–"]
    assert comparison_information._listed(one, {**numbers, "certain": True}, "en")[0] == "0.05"
