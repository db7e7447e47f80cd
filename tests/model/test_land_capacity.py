"""Capacity of land: a multiple of the base year's floor, or what stated areas carry."""

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.processes import land
from sim.model.simulate import simulate
from sim.scenario.load import load
from tests.samples import runs

SMALL = ["population.candidates=1500", "time.end=2023-12-31", "diagnostics.members=0"]


def a_world(*settings, region=None):
    scenario = load(str(runs.ROOT / "scenarios/baseline.toml"), [*SMALL, *settings])
    region = region_of(scenario, region)
    return region, assemble.build(region, members_of(scenario, [0, 1]))


def test_by_area_capacity_is_the_floor_that_may_stand_there_over_the_base_years():
    region, world = a_world('land.capacity="stated areas"', "land.plot_ratio=0.5", "land.floor_per_employee=40.0")
    fixed, _economy, _base = initialise.prepare(world)
    found = land.capacity(world, fixed.base_spending)
    employees = fixed.base_spending / (0.15 * 0.10)
    site = region.sites.index.get_loc("xicen")
    np.testing.assert_allclose(found[:, site], 4e6 * 0.5 / (40.0 * employees[:, site]), rtol=1e-12)
    assert (found[:, region.sites["area_km2"].isna().to_numpy()] == 1.5).all()


def test_a_place_is_never_too_small_for_what_stands_there():
    _region, world = a_world('land.capacity="stated areas"', "land.plot_ratio=0.001")
    fixed, _economy, _base = initialise.prepare(world)
    found = land.capacity(world, fixed.base_spending)
    assert found.min() == 1.0


def test_where_hardly_any_floor_may_be_added_rents_rise_and_the_cap_is_recorded():
    region, world = a_world('land.capacity="stated areas"', "land.plot_ratio=0.001")
    town = region.sites["area_km2"].notna().to_numpy()
    scenario = load(str(runs.ROOT / "scenarios/baseline.toml"), [*SMALL, 'land.capacity="stated areas"',
                                                                "land.plot_ratio=0.001"])
    tight = simulate(region, members_of(scenario, [0])).arrays
    usual = simulate(region, members_of(load(scenario.path, SMALL), [0])).arrays
    assert tight["at_capacity"][..., town].any() and not usual["at_capacity"][..., town].any()
    assert tight["rent"][0, -1, town].max() > usual["rent"][0, -1, town].max()


def test_a_region_without_areas_is_refused_in_one_sentence():
    scenario = load(str(runs.ROOT / "scenarios/regions/us-metros.toml"), ['land.capacity="stated areas"'])
    with pytest.raises(InputError, match="us-metros states no area of any place") as caught:
        region_of(scenario)
    assert len(caught.value.problems) == 1 and caught.value.problems[0].key == "land.capacity"
