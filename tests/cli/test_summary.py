"""A half-life without end is told in words, in both languages."""

import math

import pandas as pd
import pytest

from sim.base.messages import translate
from sim.cli import _comparison, _summary

SOME, NEVER = (math.inf, 90.0), (math.inf, math.inf)          # mean and 5 % quantile over the replicates measured
FADES = "half of a shift between places is gone after 121 years"


def feedback(mean, p05, lang="en"):
    rows = [(name, "2040-Q4", "feedback", value, low) for name, value, low in (
        ("r_dyn", 0.9, 0.9), ("r_choice", 0.7, 0.7), ("half_life", mean, p05))]
    return [translate(line, lang) for line in _summary._feedback(
        pd.DataFrame(rows, columns=["measure", "quarter", "level", "mean", "p05"]))]


@pytest.mark.parametrize("half, said", [
    ((121.0, 90.0), FADES), (NEVER, "; a shift between places does not fade by itself"),
    (SOME, "; in some replicates a shift between places does not fade by itself"),
    ((math.nan, math.nan), "R_choice 0.70"),
])
def test_a_run_tells_how_long_a_shift_lasts_or_that_it_does_not_fade(half, said):
    line, = feedback(*half)
    assert line.endswith(said)
    assert not {"inf", "nan"} & set(line.split())


def test_it_does_so_in_chinese():
    assert feedback(*NEVER, lang="zh") == [
        "  反馈强度：R_dyn 2040-Q4 0.90；R_choice 0.70；地点间的份额变动不会自行消退"]


@pytest.mark.parametrize("lang, low, high", [("en", "90 years", "no end"), ("zh", "90 年", "不消退")])
def test_a_comparison_tells_an_endless_half_life_in_words(lang, low, high):
    drawn = {"half_life": {"median": 121.4, "p05": 90.0, "p95": None}}
    line = translate(list(_comparison._draws(drawn, {}))[-1], lang)
    assert low in line and high in line and "121" in line and "∞" not in line
