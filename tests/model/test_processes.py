"""What closes enterprises and makes them grow, with its sign and its size."""

import numpy as np
import pytest

from sim.model.processes import demography
from sim.model.step import census
from tests.samples import worlds

OFTEN = {"exit": {"headquarters_factor": 2.0, "size_elasticity": 0.3, "rent_elasticity": 0.5}}


def made(*overrides):
    """Three sites, 6,000 enterprises that close and grow, no entry and no reviews."""
    where = worlds.region([0, 0, 0])
    alive = {"switches": {"churn": True}, "entry": {"rate": 0.0}, "choice": {"review": 0.0}}
    return worlds.make(where, worlds.plain(where, [0, 0, 0], worlds.people(6000), alive, OFTEN, *overrides))


def exits(rent):
    """Which enterprises close at these rents."""
    m = made()
    state, before = m.economy.state, m.economy.state.site.copy()
    closed = np.zeros_like(census(m.world, 0, state))
    demography.exits(m.world, m.fixed, 0, state, np.array([rent], float), worlds.no_events(m.world), closed)
    assert closed.sum() == (before != state.site).sum()
    return (before != state.site)[0], before[0], state


def test_a_dearer_site_loses_more_and_only_that_site_does():
    (cheap, site, _), (dear, _, _) = exits([1, 1, 1]), exits([1, 3, 1])
    assert (dear >= cheap).all()
    assert set(site[dear > cheap]) == {1}


def test_large_enterprises_close_less_often():
    closed, _, state = exits([1, 1, 1])
    large = state.log_size[0] > np.median(state.log_size[0])
    assert closed[large].sum() + 4 * closed.sum() ** 0.5 < closed[~large].sum()


@pytest.mark.parametrize("elasticity", [-0.5, 0.05, 1.0])
def test_enterprises_grow_with_the_density_around_them(elasticity):
    m = made({"growth": {"density": elasticity, "sd": 0.0, "drift": 0.0}, "peers": {"decay": 30.0}})
    first, second = (worlds.run(m, quarters)[1] for quarters in (2, 3))
    alive = second.state.site >= 0
    density = (second.log_density - first.log_density)[0, second.state.site[alive]]
    assert abs(density).max() > 1e-3
    np.testing.assert_allclose((second.state.log_size - first.state.log_size)[alive], elasticity * density,
                               atol=1e-12)


def test_enterprises_grow_at_the_drift():
    m = made({"growth": {"density": 0.0, "sd": 0.25, "drift": 0.1, "size_exponent": 0.0}})
    _, economy = worlds.run(m, 4)
    alive = economy.state.site[0] >= 0
    change = (economy.state.log_size - m.economy.state.log_size)[0, alive]
    assert abs(change.mean() - 0.1) < 4 * 0.25 / alive.sum() ** 0.5
    assert abs(change.std() - 0.25) < 4 * 0.25 / (2 * alive.sum()) ** 0.5
