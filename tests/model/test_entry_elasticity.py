"""Potential entrants follow the stock of enterprises with the elasticity that is given."""

import numpy as np
import pytest

from sim.model.processes import demography
from tests.samples import worlds

GROWING = {"entry": {"rate": 0.4}, "exit": {"headquarters_factor": 0.0}, "spinoff": {"share": 0.0}}


@pytest.mark.parametrize("zeta", [0.0, 0.5, 1.0])
def test_the_mean_number_of_potential_entrants_is_that_of_the_base_year_times_a_power_of_the_stock(zeta):
    made = worlds.make(worlds.synthetic_region(4), worlds.values(worlds.people(400), {"entry": {"elasticity": zeta}}))
    half = np.arange(made.economy.state.site.shape[1]) % 2 == 0
    made.economy.state.site[:, half] = -1
    relative = (made.economy.state.site >= 0).sum(axis=1) / 400
    np.testing.assert_allclose(demography.stock_factor(made.world, made.economy.state), relative ** zeta)


def test_arrivals_of_a_growing_region_rise_with_the_elasticity_and_stay_without():
    came = {}
    for zeta in (0.0, 1.0):
        v = worlds.values(worlds.people(400), worlds.years(24), GROWING, {"entry": {"elasticity": zeta}})
        infos, _ = worlds.run(worlds.make(worlds.synthetic_region(4), v, members=20), 24)
        came[zeta] = np.array([info.asked.number.mean() for info in infos])
    assert came[1.0][-4:].mean() > 2.0 * came[1.0][:4].mean()
    assert abs(came[0.0][-8:].mean() / came[0.0][:8].mean() - 1.0) < 0.1
