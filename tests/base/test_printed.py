"""A number is printed alike wherever it stands, and on the screen as in the figures."""

import pytest

from sim.base.printed import decimals
from sim.cli.compare import _rows
from sim.plots.comparison.frame import gain


@pytest.mark.parametrize(("one", "other"), [(0.15 - 3.2, -3.05), (0.95, 0.9500000000000001), (4.05, 4.050000000000001)])
def test_equal_numbers_look_the_same_whatever_the_order_of_their_sums(one, other):
    assert one != other and f"{one:.1f}" != f"{other:.1f}"
    assert decimals(one) == decimals(other) and gain(one) == gain(other)


def test_nothing_has_no_sign_of_its_own():
    assert decimals(-1e-14) == "0.0" and decimals(-1e-14, sign=True) == "+0.0"


def test_the_screen_says_what_the_figures_say():
    """Percentiles as numpy gives them, and as the table of the folder has them."""
    row = {"scenario": "cut", "measure": "headquarters", "baseline": 81.5, "value": 84.7, "mean": 3.2, "se": 0.4,
           "p05": 0.9500000000000001, "p95": 6.150000000000002}
    unit = {"scenario": "cut", "measure": "headquarters", "percent": 3.9, "assumed_dv": 0.1, "per_unit": 23.0}
    ranking = [{"scenario": name, "best": 0.5} for name in ("cut", "base")]
    effects = type("Effects", (), {"headline": [row]})
    content = {"per_unit": [unit], "ranking": ranking, "baseline": "base"}
    last = list(_rows(effects, content, {"cut": "Cut", "base": "Base"}))[-1]
    assert f"[{gain(0.95)}, {gain(6.15)}]" in last
