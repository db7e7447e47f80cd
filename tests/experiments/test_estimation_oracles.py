"""Published estimates of choice models: coefficients to 1e-4, log-likelihoods to 1e-3."""

import pathlib

import numpy as np
import pandas as pd
import pytest

from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import covariance, nested_logit

DATA = pathlib.Path(__file__).parents[1] / "samples" / "choice_data"


def estimates(found, expected, likelihood, errors=(), close=1e-4):
    """Whether a fit is what was published; the likelihood, a text, to its last digit or to 1e-3."""
    assert found.converged
    digits = len(likelihood.partition(".")[2])
    assert found.value == pytest.approx(float(likelihood), abs=max(0.5 * 10.0 ** -digits, 1e-3))
    np.testing.assert_allclose(found.point, expected, rtol=close, atol=close)
    if len(errors):
        np.testing.assert_allclose(covariance.errors(covariance.plain(found.hessian)), errors, rtol=1e-3, atol=1e-4)


def travel_mode():
    """Greene's choices among air, train, bus and car: gc, ttme, income for air, three constants."""
    data = pd.read_csv(DATA / "travel_mode.csv")
    of = lambda name: data[name].to_numpy(float).reshape(210, 4)                                         # noqa: E731
    mode = of("mode")
    x = np.stack([of("gc"), of("ttme"), of("hinc") * (mode == 1), *(1.0 * (mode == k) for k in (1, 2, 3))], axis=-1)
    return logit.choices(x, of("choice").argmax(axis=1))


def test_travel_mode_is_as_in_greenes_table():
    estimates(logit.fit(travel_mode()), [-0.01550, -0.09612, 0.01329, 5.2074, 3.8690, 3.1632], "-199.1284",
              [0.00441, 0.01044, 0.01026, 0.7791, 0.4431, 0.4503])


def swissmetro():
    """T30: train, Swissmetro and car with constants of car and train, time and cost in hundreds."""
    data = pd.read_csv(DATA / "swissmetro.csv.gz")
    stated, paid = data["SP"].to_numpy() != 0, data["GA"].to_numpy() == 0
    time = data[["TRAIN_TT", "SM_TT", "CAR_TT"]].to_numpy(float) / 100
    cost = data[["TRAIN_CO", "SM_CO", "CAR_CO"]].to_numpy(float) / 100
    cost[:, :2] *= paid[:, None]
    constant = [np.broadcast_to(np.arange(3) == k, time.shape).astype(float) for k in (2, 0)]
    there = np.stack([data["TRAIN_AV"] * stated, data["SM_AV"], data["CAR_AV"] * stated], axis=1) != 0
    return logit.choices(np.stack([*constant, time, cost], axis=-1), data["CHOICE"].to_numpy() - 1, available=there)


def test_swissmetro_is_as_published():
    choices = swissmetro()
    assert len(choices.chosen) == 6768
    estimates(logit.fit(choices), [-0.154632, -0.701187, -1.277860, -1.083791], "-5331.252", close=1e-6)


def heating():
    """Train's five heating systems by what they cost to install and to run."""
    data, systems = pd.read_csv(DATA / "heating.csv"), ["ec", "er", "gc", "gr", "hp"]
    x = np.stack([data[[f"{kind}.{name}" for name in systems]].to_numpy(float) for kind in ("ic", "oc")], axis=-1)
    return logit.choices(x, data["depvar"].map(systems.index).to_numpy())


def test_heating_systems_are_as_published():
    found = heating()
    estimates(logit.fit(found), [-0.00623187, -0.00458008], "-1095.2", [0.00035277, 0.00032216])
    constants = np.broadcast_to(np.eye(5)[:, :4], (len(found.x), 5, 4))
    estimates(logit.fit(logit.choices(np.concatenate([found.x, constants], axis=-1), found.chosen)),
              [-0.00153315, -0.00699637, 1.65884594, 1.85343697, 1.71097930, 0.30826328], "-1008.2")


def cooling():
    """Train's seven systems of heating and cooling, and which nest each is in."""
    data, systems = pd.read_csv(DATA / "cooling.csv"), ["gcc", "ecc", "erc", "hpc", "gc", "ec", "er"]
    cools, room = np.arange(7) < 4, np.isin(systems, ["erc", "er"])
    heat = [data[[f"{kind}.{name}" for name in systems]].to_numpy(float) for kind in ("ich", "och")]
    income = data[["income"]].to_numpy(float)
    cool = [data[[kind]].to_numpy(float) * cools for kind in ("icca", "occa")]
    x = np.stack([*heat, *cool, income * room, income * cools, np.broadcast_to(cools, heat[0].shape)], axis=-1)
    return logit.choices(x, data["depvar"].map(systems.index).to_numpy()), (~cools).astype(int)


def test_nested_cooling_systems_are_as_published():
    """The errors there are those of the outer product of scores."""
    choices, nest_of = cooling()
    nests = nested_logit.Nests(nest_of, np.array([0, 0]), ("l",))
    found = nested_logit.fit(choices, nests, np.append(logit.fit(choices).point, 0.9))
    estimates(found, [-0.554878, -0.857886, -0.225079, -1.089458, -0.378971, 0.249575, -6.000415, 0.585922], "-178.12")
    scores = nested_logit.evaluate(choices, nests, found.point)[1]
    np.testing.assert_allclose(covariance.errors(covariance.plain(-scores.T @ scores)), [
        0.144205, 0.255313, 0.144423, 1.219821, 0.099631, 0.059213, 5.562423, 0.179708], rtol=1e-3)


def test_nested_swissmetro_is_as_published_with_robust_errors():
    """Train and car in one nest; published are three digits, and mu = 1 / l instead of l (Biogeme 3.2.7)."""
    choices = swissmetro()
    nests = nested_logit.Nests(np.array([0, 1, 0]), np.array([0, -1]), ("l",))
    found = nested_logit.fit(choices, nests, np.append(logit.fit(choices).point, 0.9))
    assert found.converged and found.value == pytest.approx(-5236.900, abs=1e-3)
    mu = 1.0 / found.point[-1]
    np.testing.assert_allclose([*found.point[:-1], mu], [-0.167, -0.512, -0.899, -0.857, 2.05], atol=5e-3, rtol=5e-4)
    scores = nested_logit.evaluate(choices, nests, found.point)[1]
    errors = covariance.errors(covariance.robust(found.hessian, scores))
    np.testing.assert_allclose([*errors[:-1], errors[-1] * mu ** 2], [0.0545, 0.0791, 0.107, 0.06, 0.164], rtol=3e-3)
