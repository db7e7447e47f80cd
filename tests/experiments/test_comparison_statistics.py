"""Statistics and rankings of a comparison, from small arrays whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.experiments import paired_statistics
from sim.experiments.compare import (
    coefficients,
    difference_in_differences,
    direct_effects,
    plausibility,
    ranking,
    sample_size,
    uncertainty,
)
from sim.experiments.compare.study import Treated
from tests.samples import comparisons

RNG = np.random.default_rng(5)


# -- statistics --------------------------------------------------------------------------------------

def test_statistics_are_those_of_the_effect():
    effects = RNG.normal(3, 2, (400, 2))
    found = paired_statistics.statistics(effects)
    assert found["sd"] == pytest.approx([np.std(effects[:, k], ddof=1) for k in range(2)])
    assert found["se"] == pytest.approx(found["sd"] / 20)
    inside = (effects > found["p05"]) & (effects < found["p95"])
    assert inside.mean(axis=0) == pytest.approx(0.9, abs=0.01)


def test_ties_count_half():
    assert paired_statistics.row(np.array([0.0, 0.0, 1.0, -1.0]))[5] == 0.5


def test_a_ratio_has_the_spread_of_repeated_samples():
    """The delta method's standard error against the spread over 2,000 samples of 40 members."""
    found = []
    for _ in range(2000):
        b = RNG.normal(10, 3, 40)
        found.append(paired_statistics.ratio(0.4 * b + RNG.normal(1, 1, 40), b))
    values, errors = np.array(found).T
    assert values.mean() == pytest.approx(0.5, abs=0.005)
    assert errors.mean() == pytest.approx(values.std(), rel=0.1)


def test_a_ratio_over_nothing_is_not_given():
    assert np.isnan(paired_statistics.ratio(np.ones(10), np.tile([-1.0, 1.2], 5))[0])
    assert paired_statistics.ratio(np.zeros(3), np.full(3, 2.0)) == (0.0, 0.0)


@pytest.mark.parametrize("precision", [0.1, 0.5, 3.0])
def test_replicates_needed_are_enough_and_not_too_many(precision):
    from scipy.stats import t
    effects = RNG.normal(5, 2, 30)
    number, sd = sample_size.needed(effects, precision), effects.std(ddof=1)
    assert t.ppf(0.975, number - 1) * sd / number ** 0.5 <= precision
    assert number == 2 or t.ppf(0.975, number - 2) * sd / (number - 1) ** 0.5 > precision
    assert sample_size.needed(effects[:1], precision) is None


# -- rankings ---------------------------------------------------------------------------------------

def test_probabilities_of_a_ranking_add_up():
    effects = {name: RNG.integers(0, 5, 200).astype(float) for name in "abc"}
    table = ranking.pairwise(effects, "base").set_index(["scenario", "other"])
    for one, other in (("a", "b"), ("b", "c"), ("a", "c")):
        for column in ("p_superior", "confidence"):
            assert table.loc[(one, other), column] + table.loc[(other, one), column] == pytest.approx(1.0)
    found = ranking.ranking(effects, "base")
    assert found["best"].sum() == pytest.approx(1.0)
    assert list(found["mean"]) == sorted(found["mean"], reverse=True)
    assert set(found["scenario"]) == {*"abc", "base"}


def test_to_do_nothing_is_better_than_a_policy_that_harms_and_as_good_as_one_without_effect():
    harms, nothing = np.array([-3.0, -2.0, 0.0, 1.0]), np.zeros(4)
    found = ranking.ranking({"harms": harms}, "base").set_index("scenario")
    assert found["best"].to_dict() == {"base": pytest.approx(0.625), "harms": pytest.approx(0.375)}
    assert found["rank"].to_dict() == {"base": 1, "harms": 2}
    found = ranking.ranking({"harms": harms - 5.0, "nothing": nothing}, "base").set_index("scenario")
    assert found["best"].to_dict() == {"base": 0.5, "nothing": 0.5, "harms": 0.0}
    assert found["rank"].to_dict() == {"base": 1, "nothing": 1, "harms": 3}


def test_the_assumed_dv_that_reverses_a_ranking():
    """With effect = slope x dV, at the reported dV both effects are equal."""
    base = RNG.normal(10, 1, 100)
    table = ranking.reversals({"low": base, "high": 2.0 * base}, {"low": 0.1, "high": 0.3}, {})
    assert table[["scenario", "other", "dv_at_reversal"]].values.tolist() == [["high", "low", pytest.approx(0.15)]]
    assert ranking.reversals({"low": base, "high": -base}, {"low": 0.1, "high": 0.3}, {}).empty


# -- what an analyst of one world would find ------------------------------------------------------------

def test_t07_the_naive_estimate_is_theta_and_the_true_effect_is_less():
    """Logit shares with theta at one of four sites: T07's bias, to 1e-12."""
    theta, v = 0.3, np.array([0.2, -0.1, 0.4, 0.0])
    share = lambda u: np.exp(u) / np.exp(u).sum()                          # noqa: E731
    before, after = share(v), share(v + theta * np.array([1, 0, 0, 0]))
    counts = np.array([before[0], after[0], after[1:].sum(), before[0], before[1:].sum(), before[1:].sum()])
    naive, true, bias, trends, spillover = difference_in_differences.estimates(counts)
    assert naive == pytest.approx(theta, abs=1e-12)
    assert true == pytest.approx(theta - np.log(1 + before[0] * (np.exp(theta) - 1)), abs=1e-12)
    assert (bias, trends) == (pytest.approx(spillover, abs=1e-12), pytest.approx(0.0, abs=1e-12))


def test_the_bias_is_trends_plus_spillover():
    found = difference_in_differences.estimates(RNG.integers(5, 99, (6, 50)).astype(float))
    assert found[2] == pytest.approx(found[3] + found[4], abs=1e-12)


@pytest.mark.parametrize(("length", "wanted"), [(1.0, 0.24), (0.7, 0.33)])
def test_the_but_for_share_of_ten_points_of_tax(length, wanted):
    """The figures of the specification: 24 % at l = 1 and 33 % at 0.7, for a small site."""
    came, otherwise = np.full(4, 1000.0 * np.exp(0.028 * 10 / length)), np.full(4, 1000.0)
    here = comparisons.levels(eligible=came[:, None])
    here.names["policy"] = {"tax": ("Tax", "税")}
    tax = Treated("tax", "tax_rate", True, np.array([True, False, False]), "2020-Q4", "2022-Q4")
    study = SimpleNamespace(treated={"s": [tax]}, masks={}, assumed={})
    table = plausibility.table([("s", here, None)], study, {}, {"s": {"tax": otherwise}})
    assert table["value"].tolist() == [pytest.approx(wanted, abs=0.005)]


# -- parameter and Monte Carlo uncertainty ----------------------------------------------------------------

def test_components_of_variance_are_told_apart():
    """3 between draws, 1 within: means of 300 sets of draws within 4 standard errors."""
    found = np.array([uncertainty.components(RNG.normal(0, 3, (40, 1)) + RNG.normal(0, 1, (40, 4)))
                      for _ in range(300)])
    between, within = found[:, 0] ** 2, found[:, 1] ** 2
    assert abs(between.mean() - 9) < 4 * between.std() / 300 ** 0.5
    assert abs(within.mean() - 1) < 4 * within.std() / 300 ** 0.5


def test_without_parameter_uncertainty_its_share_is_near_zero():
    shares = [uncertainty.components(RNG.normal(0, 1, (40, 4)))[2] for _ in range(50)]
    assert np.mean(shares) < 0.05


def test_regret_is_zero_for_who_always_wins():
    effects = {"headquarters": {"a": np.full((5, 2), 3.0), "b": np.full((5, 2), 1.0)}}
    table = uncertainty.table(effects).set_index("scenario")
    assert table["regret"].to_dict() == {"a": 0.0, "b": 2.0}
    assert table["best"].to_dict() == {"a": 1.0, "b": 0.0}


# -- what the ranking rests on -----------------------------------------------------------------------

def test_effects_in_proportion_to_what_was_assumed_are_said_to_be():
    assumed = {name: SimpleNamespace(zone=dv) for name, dv in (("a", 0.1), ("b", 0.2), ("c", 0.05), ("none", 0.0))}
    effects = {(name, measure): (np.full(5, effect), 400.0) for measure in ("headquarters", "enterprises")
               for name, effect in (("a", 40.0), ("b", 80.0), ("c", 18.0), ("none", 0.0))}
    table = direct_effects.per_unit(effects, assumed)
    rows = table[table["measure"] == "enterprises"].set_index("scenario")
    assert rows["per_unit"].tolist()[:3] == pytest.approx([400.0, 400.0, 360.0])
    assert np.isnan(rows.loc["none", "per_unit"])
    assert rows["percent"].tolist() == pytest.approx([10.0, 20.0, 4.5, 0.0])
    assert direct_effects.proportion(table) == {"low": pytest.approx(360.0), "high": pytest.approx(400.0),
                                                "same_order": True}
    assumed["c"].zone = 0.15                                          # more was assumed of it than of a, less came
    assert not direct_effects.proportion(direct_effects.per_unit(effects, assumed))["same_order"]
    assert direct_effects.proportion(table[:0]) is None


def test_one_policy_from_two_dates_has_no_order_of_what_was_assumed():
    """So the order of the two effects is a result, whichever file came first."""
    rows = [{"scenario": name, "measure": "enterprises", "assumed_dv": 0.14, "effect": effect,
             "per_unit": effect / 0.14} for name, effect in (("from 2026", 3.0), ("from 2030", 2.0))]
    for table in (rows, rows[::-1]):
        assert not direct_effects.proportion(pd.DataFrame(table))["same_order"]


@pytest.mark.parametrize(("share", "needed"), [(1.0, 0.30), (0.5, 0.50)])
def test_the_coefficient_that_reverses_a_ranking(share, needed):
    """The lower policy has a third of the upper one's effect: its dV must treble, through a part of it alone."""
    base = RNG.normal(10, 1, 100)
    lower = coefficients.Coefficient("terms.scitech.beta", 0.10, 0.0, 0.30, share)
    row = ranking.reversals({"low": base, "high": 3.0 * base}, {"low": 0.1, "high": 0.3}, {"low": lower}).iloc[0]
    assert (row["coefficient"], row["at_reversal"]) == ("terms.scitech.beta", pytest.approx(needed))
    assert row["inside"] == (needed <= 0.3 + 1e-12 and lower.inside(row["at_reversal"]))
    assert ranking.reversals({"low": base, "high": 3.0 * base}, {"low": 0.1, "high": 0.3}, {})["coefficient"][0] == ""


def _one_policy(key, share, value=0.15):
    return coefficients.Coefficient(key, value, 0.0, 0.35, share, {key: (value, share), "terms.tax.beta": (0.05, 0.1)})


@pytest.mark.parametrize(("upper", "needed"), [
    (_one_policy("terms.ftz.beta", 0.9), None),                       # one policy from two dates: none overtakes
    (_one_policy("terms.ftz.beta", 0.2), 0.15 * (1 + 0.5 / (0.5 * 0.9 - 0.2))),
    (_one_policy("terms.ftz.beta", 0.9, value=0.2), 0.15 * (1 + 0.5 / (0.5 * 0.9))),       # a parameter of its own
    (_one_policy("terms.scitech.beta", 0.9), 0.15 * (1 + 0.5 / (0.5 * 0.9)))])
def test_a_coefficient_that_both_policies_act_through_moves_both(upper, needed):
    base = RNG.normal(10, 1, 100)
    acting = {"low": _one_policy("terms.ftz.beta", 0.9), "high": upper}
    row = ranking.reversals({"low": base, "high": 2.0 * base}, {"low": 0.1, "high": 0.1}, acting).iloc[0]
    assert (row["coefficient"] == "") == (needed is None)
    assert needed is None or row["at_reversal"] == pytest.approx(needed)


def test_how_often_a_ranking_turns():
    effects = {"a": np.array([[3.0, 5.0], [1.0, 1.0], [2.0, 2.0]]), "b": np.array([[1.0, 1.0], [2.0, 2.0], [2.0, 2.0]])}
    assert uncertainty.turns(effects) == [{"scenario": "a", "other": "b", "share": 0.5}]
    assert uncertainty.spread(np.array([30.0, 90.0, np.inf])) == {
        "median": 90.0, "p05": 30.0, "p95": np.inf, "draws": 3}
    assert uncertainty.spread([]) is None
