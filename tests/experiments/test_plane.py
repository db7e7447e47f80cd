"""The plane of two axes, against grids made by hand: cells, phases, R_dyn, and what is refused."""

import datetime
import pathlib

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.experiments.sensitivity import grid_plane, quantity

DEPTHS = [0.0, 0.5]
STARTS = [datetime.date(2024, 1, 1), datetime.date(2026, 1, 1), datetime.date(2028, 1, 1)]
EFFECTS = np.array([[2.0, 2.0, 2.0, 2.0],              # depth 0: the same in all replicates: a gain
                    [-3.0, -2.0, -2.5, -2.5],          # a loss
                    [-1.0, 1.0, -1.0, 1.2],            # not told from 0
                    [1.0, 2.0, 3.0, 4.0],              # depth 0.5: a gain
                    [0.0, 0.0, 0.0, 0.0],              # nothing
                    [9.0, 9.0, 9.0, 9.0]])             # left out, because a run failed
WHOLE = np.array([True] * 5 + [False])


def sweep(**axes):
    """A grid as a sweep's folder describes it."""
    given = axes or {"depth": DEPTHS, "only": [1.0], "start": STARTS}
    defined = {"design": "grid", "order": list(given), "axes": {name: {"values": v} for name, v in given.items()},
               "order_of_scenarios": ["main"], "points": 6, "replicates": 4}
    return quantity.Swept(pathlib.Path("nowhere"), "main", defined, {}, {"x": "1"}, np.zeros((1, 6, 4), bool), "")


def effect(against="none", values=EFFECTS):
    return quantity.Quantity("x", "1", "main", against, values, WHOLE)


def test_the_axes_are_those_of_a_grid_that_have_several_values_and_there_are_two():
    assert grid_plane.axes_of(sweep()) == ("depth", "start")
    assert grid_plane.axes_of(sweep(depth=DEPTHS)) is None
    assert grid_plane.axes_of(sweep(a=[1.0, 2.0], b=[1.0, 2.0], c=[1.0, 2.0])) is None
    other = sweep()
    other.defined["design"] = "sobol"
    assert grid_plane.axes_of(other) is None


def test_every_cell_stands_where_its_values_say():
    cells = grid_plane.dataset(sweep(), effect())
    assert cells["y"].values.tolist() == DEPTHS
    assert cells["x"].values.tolist() == ["2024-01-01", "2026-01-01", "2028-01-01"]
    assert cells["mean"].sel(y=0.0, x="2026-01-01") == -2.5
    assert cells["mean"].sel(y=0.5, x="2024-01-01") == 2.5
    assert np.isnan(cells["mean"].sel(y=0.5, x="2028-01-01"))
    assert cells["error"].sel(y=0.5, x="2024-01-01") == pytest.approx(np.std([1, 2, 3, 4], ddof=1) / 2)


def test_a_cell_is_a_gain_or_a_loss_where_the_interval_leaves_0_out():
    """For 1, 2, 3, 4: mean 2.5, half-width 3.18 x 0.645 = 2.05 at 95 % and 5.84 x 0.645 = 3.77 at 99 %."""
    phase = grid_plane.dataset(sweep(), effect())["phase"].values
    np.testing.assert_equal(phase, [[1.0, -1.0, 0.0], [1.0, 0.0, np.nan]])
    assert grid_plane.dataset(sweep(), effect(), 0.99)["phase"].values[1, 0] == 0.0


def test_a_single_replicate_tells_no_phase_and_a_level_has_none():
    one, level = (grid_plane.dataset(sweep(), given) for given in (effect(values=EFFECTS[:, :1]), effect(against="")))
    np.testing.assert_equal(one["phase"].values, [[0.0] * 3, [0.0, 0.0, np.nan]])
    assert grid_plane.table(level)["phase"].tolist() == [""] * 6


def test_r_dyn_is_the_mean_of_the_replicates_that_measured_it(monkeypatch):
    measured = np.full((1, 6, 4), np.nan)
    measured[0, 0, :2], measured[0, 4, 3] = (0.8, 1.0), 1.2
    given = sweep()
    given.outputs["r_dyn"] = "1"
    monkeypatch.setattr(quantity, "cube", lambda swept, column: measured)
    r = grid_plane.dataset(given, effect())["r_dyn"].values
    np.testing.assert_allclose(r, [[0.9, np.nan, np.nan], [np.nan, 1.2, np.nan]])


def test_the_table_has_a_row_for_each_cell_in_words():
    table = grid_plane.table(grid_plane.dataset(sweep(), effect()))
    assert table.columns.tolist() == ["depth", "start", "mean", "error", "r_dyn", "phase"]
    assert table["phase"].tolist() == ["gain", "loss", "unclear", "gain", "unclear", ""]
    assert table["depth"].tolist() == [0.0] * 3 + [0.5] * 3
    assert table["mean"].tolist()[:5] == pytest.approx([2.0, -2.5, 0.05, 2.5, 0.0])


def test_a_plane_of_three_axes_is_refused():
    with pytest.raises(InputError, match="a grid of two axes"):
        grid_plane.dataset(sweep(a=[1.0, 2.0], b=[1.0, 2.0], c=[1.0, 2.0]), effect())
