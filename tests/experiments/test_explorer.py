"""What the explorer computes: paired effects under shared draws, interpolation between them, estimates before them."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.compare import effects, run_levels
from sim.experiments.explorer import design, live, pairs, sample, surrogate
from sim.experiments.explorer.controls import Control
from sim.experiments.explorer.parts import Parts
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.results import from_outcomes
from sim.runs.in_memory import ended
from tests.samples import explored


@pytest.fixture(scope="module")
def made(explored_grid):
    return explored_grid


def control(name, *values, kind="float"):
    return Control(name, ((name,),), kind, ("", ""), ("", ""), "1", values[0], values[0], values[-1], 1, values)


def levels(scenario, region, replicates):
    """Levels of a run that shares nothing with another."""
    outcome = simulate(region, members_of(scenario, replicates))
    return run_levels.of_dataset(from_outcomes.dataset(region, scenario, [outcome], replicates))


def test_effects_are_those_of_two_runs_that_share_nothing_but_their_draws(made):
    opened, point = made.opened, design.grid(made.opened.controls)[3]
    here, there = (levels(each, opened.region, range(3)) for each in (opened.at(point), opened.at(point, "baseline")))
    wanted = effects.Effects.of([("cut", here, there)]).by_member
    found = made.samples[3]
    groups = wanted.sizes["group"]
    for measure in effects.MEASURES:
        effect = found.here.cells[measure] - found.there.cells[measure]
        assert np.array_equal(effect[:, :, :groups], wanted[measure].sel(scenario="cut").to_numpy(), equal_nan=True)
    assert abs(wanted["headquarters"]).sum() > 0


def test_a_policy_that_is_off_has_no_effect_at_all(tmp_path):
    opened = explored.opened(tmp_path, ())
    off, on = ended(pairs.samples(opened, [{"policies.tax.enabled": 0}, {"policies.tax.enabled": 1}], 2))
    assert all(np.nansum(abs(off.cells[measure][1])) == 0 for measure in off.cells)
    assert np.nansum(abs(on.cells["headquarters"][1])) > 0


def test_cells_of_rings_by_industry_and_type_add_up_to_the_ring(made):
    totals = made.samples[0].here
    cells = totals.axes.cells
    for ring in {cell.split("|")[0] for cell in cells if cell.startswith("ring:")}:
        inner = [k for k, cell in enumerate(cells) if cell.split("|")[0] == ring and all(cell.split("|")[1:])]
        whole = totals.cells["headquarters"][:, :, cells.index(f"{ring}||")]
        assert np.array_equal(totals.cells["headquarters"][:, :, inner].sum(axis=2), whole)


@pytest.fixture(scope="module")
def alive(made):
    """What is kept of a combination while the page is open."""
    kept, point = live.Kept(made.opened), design.grid(made.opened.controls)[0]
    kept.simulate(point, (0, 1), threading.Event())
    return kept.sample(point)


@pytest.mark.parametrize("measure", sample.CROSSED)
@pytest.mark.parametrize("split", ["industry", "hq_type"])
def test_a_site_by_industry_and_by_type_adds_up_to_the_site(alive, measure, split):
    cells, numbers = alive.here.axes.cells, alive.here.cells[measure]
    for site in alive.here.axes.sites:
        inner = [k for k, cell in enumerate(cells) for place, industry, kind in [cell.split("|")]
                 if place == f"site:{site}" and (industry if split == "industry" else kind)]
        assert np.array_equal(numbers[:, :, inner].sum(axis=2), numbers[:, :, cells.index(f"site:{site}||")])


def test_quarters_at_the_close_of_a_year_are_that_year(alive):
    axes, base, effect, error = alive.here.axes, *alive.quarterly
    closes = [axes.quarters.index(each) for each in axes.years]
    sites = [axes.cells.index(f"site:{each}||") for each in axes.sites]
    by_year = alive.cells["headquarters"][:3][..., sites]
    assert np.allclose([base[closes], effect[closes], error[closes]], by_year)
    assert len(axes.quarters) == len(base) > len(closes)


def test_parts_add_up_to_the_effect_on_the_zone(made):
    for one in made.samples:
        assert one.parts[0].sum(axis=1) == pytest.approx(one.cells["headquarters"][1, :, 0], abs=1e-9)


def test_samples_of_chunks_joined_are_the_sample_of_all(made):
    opened, point = made.opened, design.grid(made.opened.controls)[0]
    one, = ended(pairs.samples(opened, [point], 3))
    kept = live.Kept(opened)
    for chunk in ((0,), (1, 2)):
        kept.simulate(point, chunk, threading.Event())
    found = kept.sample(point)
    same = len(one.here.axes.cells)                                  # what is kept live has sites by industry too
    assert found.here.axes.cells[:same] == one.here.axes.cells
    assert np.array_equal(found.cells["headquarters"][..., :same], one.cells["headquarters"], equal_nan=True)
    assert np.array_equal(found.accounts, one.accounts)


# -- interpolation --------------------------------------------------------------------------------------

GRID = (control("a", 0.0, 1.0, 4.0), control("b", 2.0, 3.0))


@given(st.floats(0, 4), st.floats(2, 3), st.lists(st.floats(-9, 9), min_size=4, max_size=4))
def test_a_multilinear_function_is_interpolated_exactly(a, b, k):
    of = lambda point: k[0] + k[1] * point["a"] + k[2] * point["b"] + k[3] * point["a"] * point["b"]     # noqa: E731
    values = np.array([of(point) for point in design.grid(GRID)])
    found = design.interpolated(GRID, values, {"a": a, "b": b})
    assert found == pytest.approx(of({"a": a, "b": b}), abs=1e-9)


def test_at_a_point_of_the_grid_nothing_else_counts():
    points = design.grid(GRID)
    values = np.full(len(points), np.nan)
    values[3] = 5.0
    assert design.interpolated(GRID, values, points[3]) == 5.0


def test_held_out_points_lie_inside_the_grid_and_on_none_of_its_points(made):
    inside = design.held_out(made.opened.controls)
    assert len(inside) == design.HELD_OUT or len(inside) == 2        # two intervals of the rate, one of the dates
    for point in inside:
        assert point not in design.grid(made.opened.controls)
        assert all(one.low <= point[one.name] <= one.high for one in made.opened.controls)


def test_switches_alone_have_nothing_to_interpolate():
    assert design.held_out((control("s", 0, 1, kind="bool"),)) == []


def test_the_interpolation_error_is_the_miss_at_the_held_out_points(made):
    values = np.array([one.cells["headquarters"][1, -1, 0] for one in made.samples])
    misses = [design.interpolated(made.opened.controls, values, point) - one.cells["headquarters"][1, -1, 0]
              for point, one in made.held]
    found = design.errors(made)["headquarters"]
    assert found[0] == pytest.approx(np.sqrt(np.mean(np.square(misses))))
    assert found[2] == len(made.held)


# -- estimates ------------------------------------------------------------------------------------------

def test_the_error_of_an_estimate_is_that_of_leaving_out_each_combination_in_turn():
    draw = np.random.default_rng(5)
    places, effects, noise = draw.random((7, 3)), draw.normal(size=7), draw.random(7)
    found = surrogate.estimate(places, effects, noise, places[0])
    kernel = surrogate._kernel(places, places) + np.diag((noise / effects.std()) ** 2)
    misses = []
    for k in range(7):                                                                   # refitted, one by one
        rest = np.delete(np.arange(7), k)
        weights = np.linalg.solve(kernel[np.ix_(rest, rest)], kernel[rest, k])
        misses.append(effects[k] - weights @ effects[rest])
    assert found.error == pytest.approx(np.sqrt(np.mean(np.square(misses))))


def test_a_linear_effect_without_noise_is_estimated_closely():
    places = np.random.default_rng(1).random((12, 2))
    effects = 3.0 + places @ [2.0, -1.0]
    found = surrogate.estimate(places, effects, np.zeros(12), np.array([0.5, 0.5]))
    assert found.weights @ effects == pytest.approx(3.5, abs=0.05)


def test_there_is_no_estimate_from_two_combinations():
    assert surrogate.estimate(np.zeros((2, 1)), np.zeros(2), np.zeros(2), np.zeros(1)) is None


def test_what_is_kept_has_an_end(made, monkeypatch):
    monkeypatch.setattr(live, "MOST_STATES", 2)
    kept = live.Kept(made.opened)
    for point in design.grid(made.opened.controls)[:4]:
        kept.simulate(point, (0,), threading.Event())
    assert len(kept.states) == 2
    assert len(kept.baselines) == 1                                  # it is the same for all


def test_an_assumption_moves_the_baseline_too_and_a_policy_does_not(tmp_path):
    opened = explored.opened(tmp_path, ("peers.decay",))
    before = opened.at({}, "baseline").digest
    assert opened.at({"policies.tax.rate": 5.0}, "baseline").digest == before
    assert opened.at({"peers.decay": 20.0}, "baseline").digest != before


# -- what is asked for ----------------------------------------------------------------------------------

def test_axes_name_every_cell_once(made):
    cells = made.samples[0].here.axes.cells
    assert len(set(cells)) == len(cells) == made.samples[0].here.cells["headquarters"].shape[2]
    assert sample.cell_of("zone", "zone") == cells[0]


def test_a_stopped_design_goes_on_where_it_was(made, tmp_path, monkeypatch):
    kept = Parts(tmp_path / "page.html.parts")
    first = ended(design.run(made.opened, 3, parts=kept))
    monkeypatch.setattr(pairs, "totals_of", None)                    # nothing is simulated again
    again = ended(design.run(made.opened, 3, parts=kept))
    for one, other in zip(first.samples, again.samples):
        assert all(np.array_equal(one.cells[name], other.cells[name], equal_nan=True) for name in one.cells)
        assert np.array_equal(one.parts, other.parts) and np.array_equal(one.accounts, other.accounts)
        assert np.array_equal(one.quarterly, other.quarterly)
    assert again.samples[0].here.axes == first.samples[0].here.axes


def test_a_spoiled_part_is_made_again(made, tmp_path):
    kept = Parts(tmp_path / "parts")
    wanted = ended(design.run(made.opened, 2, parts=kept))
    for path in kept.folder.iterdir():
        path.write_bytes(path.read_bytes()[:-50])
    found = ended(design.run(made.opened, 2, parts=kept))
    assert np.array_equal(found.samples[0].parts, wanted.samples[0].parts)
    kept.clear()
    assert not kept.folder.exists()
