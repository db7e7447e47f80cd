"""Mixed logit by xlogit: published numbers, recovery in simulation, and what keeps it from being estimated."""

import builtins

import numpy as np
import pytest

import sim as package
from sim.base.errors import InputError
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import covariance, mixed_logit
from tests.experiments.test_estimation_tables import DATA, values
from tests.samples import choice_specs, firm_lists


@pytest.mark.slow
def test_electricity_suppliers_are_as_published_by_another_program(tmp_path):
    """Exercise 3 of the R package mlogit: six normal coefficients, 100 Halton draws, choices of a customer together."""
    (tmp_path / "spec.toml").write_text(choice_specs.ELECTRICITY, "utf-8")
    found = package.estimate(DATA / "electricity.csv.gz", spec=tmp_path / "spec.toml", out=tmp_path / "out", quiet=True)
    told, likelihood = values(found, "mixed")
    assert list(told.values()) == pytest.approx([
        -0.9733844, -0.2055565, 2.0757333, 1.4756497, -9.0525423, -9.1037717,
        0.2199450, 0.3783044, 1.4829803, 1.0000609, 2.2894889, 1.1808827], abs=1e-4)
    assert likelihood > values(found)[1] + 900


def world(seed, law="normal", deciders=300, times=6, sd=0.8):
    """(Choices of deciders whose coefficients vary, who decided)."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(deciders), times)
    x = rng.normal(size=(len(who), 4, 2))
    taste = 0.5 + sd * rng.normal(size=deciders)
    taste = taste if law == "normal" else np.exp(taste) if law == "lognormal" else -np.exp(taste)
    v = x[..., 0] * taste[who][:, None] - 0.7 * x[..., 1]
    return logit.choices(x, (v + rng.gumbel(size=v.shape)).argmax(axis=1), ("a", "b")), who


@pytest.mark.parametrize("law", ["normal", "lognormal", "minus lognormal"])
def test_spreads_are_estimated_back(law):
    made = mixed_logit.fit(*world(1, law)[:1], {"a": law}, world(1, law)[1], 200)
    assert made.names == ("a", "b", "sd a")
    errors = covariance.errors(covariance.plain(made.found.hessian))
    assert (np.abs(made.found.point - [0.5, -0.7, 0.8]) < 3.5 * errors).all() and errors.max() < 0.2


def test_scores_add_up_to_nothing_and_their_spread_is_the_curvature():
    """The information identity, loosely: the model is right."""
    choices, who = world(2)
    made = mixed_logit.fit(choices, {"a": "normal"}, who, 100)
    assert np.abs(made.scores.sum(axis=0)).max() < 0.05 and len(made.scores) == 300
    outer, curved = made.scores.T @ made.scores, -made.found.hessian
    np.testing.assert_allclose(np.diag(outer), np.diag(curved), rtol=0.35)


def test_choices_that_cannot_be_had_count_for_nothing_and_order_does_not_matter():
    choices, who = world(3, deciders=120)
    available = np.ones(choices.available.shape, bool)
    available[::2, 3] = choices.chosen[::2] == 3
    choices = choices._replace(available=available)
    spoilt = choices._replace(x=np.where(available[..., None], choices.x, 77.0))
    first, second = (mixed_logit.fit(each, {"a": "normal"}, who, 50) for each in (choices, spoilt))
    np.testing.assert_allclose(first.found.point, second.found.point)
    within = np.lexsort((np.random.default_rng(0).random(len(who)), who))
    np.testing.assert_allclose(mixed_logit.fit(choices.at(within), {"a": "normal"}, who[within], 50).found.point,
                               first.found.point, atol=1e-4)


def test_without_xlogit_it_is_one_sentence_that_names_the_extra(monkeypatch, tmp_path):
    plain = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", lambda name, *more: (_ for _ in ()).throw(
        ModuleNotFoundError(name)) if name == "xlogit" else plain(name, *more))
    lists = firm_lists.write(tmp_path, firm_lists.rows(300), firm_lists.SPEC + '[models.mixed]\nrent = "normal"\n')
    with pytest.raises(InputError, match=r"models.mixed: a mixed logit needs xlogit, which is not installed; "
                                         r"pip install .*\[estimation\]"):
        package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True)


def test_a_list_of_firms_has_one_too_where_the_spec_asks(tmp_path):
    spec = firm_lists.SPEC.replace("worlds = 0", "worlds = 0\ndraws = 50") + '[models.mixed]\nrent = "normal"\n'
    lists = firm_lists.write(tmp_path, firm_lists.rows(600, 2), spec)
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True, languages=("en", "zh"))
    kind = found.content["kinds"]["arrivals"]
    if kind["mixed"] is None:                              # four places decide little: then it says so
        assert any("mixed logit" in note[0] for note in kind["notes"])
    else:
        assert [row["name"] for row in kind["mixed"]["rows"]] == ["peers", "rent", "sd rent"]
        assert kind["mixed"]["likelihood"] >= kind["models"][0]["likelihood"] - 0.5
