"""Who may react to a change, with frozen peers and rents: only those whom it draws or repels.

Comparisons are bit for bit at fixed seeds, but for the stated four standard errors.
"""

import numpy as np
import pytest

from tests.samples import worlds
from tests.samples.worlds import NESTS, PEERS, frozen


def raised(made, j, by):
    """The same opening with a higher constant at one site."""
    constant = made.fixed.constant + by * np.eye(made.world.sites)[j]
    return made._replace(fixed=made.fixed._replace(constant=constant))


def test_t38_an_improved_site_draws_from_outside_as_well():
    made = frozen(*NESTS["nests"], PEERS)
    before, after = (worlds.run(m, 1)[1].state.site for m in (made, raised(made, 1, 0.5)))
    assert (after[before != after] == 1).all()
    assert (before[before != after] < 0).any()


@pytest.mark.parametrize("cost", [1.0, 3.0])
def test_t38_an_improved_site_only_gains_in_a_quarter_with_moving_costs(cost):
    made = frozen(*NESTS["nests"], PEERS, {"moving": {"cost": cost, "log_distance": 0.2}})
    before, after = (worlds.run(m, 1)[1].state.site for m in (made, raised(made, 1, 0.5)))
    assert (before != after).sum() > 20
    assert (after[before != after] == 1).all()


@pytest.mark.parametrize(("nests", "length"), NESTS.values(), ids=NESTS)
def test_a_dearer_site_gains_nobody(nests, length):
    made = frozen(nests, length, PEERS, {"terms": {"rent": {"beta": 0.5}}})
    dear = worlds.offers(made, 0, rent=1.0 + np.eye(6)[[2]])
    before, after = (worlds.chosen(made, made.economy, table=t)[0].site for t in (None, dear))
    moved = before != after
    assert moved.sum() > 20
    assert (before[moved] == 2).all()


@pytest.mark.parametrize("length", [1.0, 0.4])
def test_closing_a_site_nobody_chose_changes_no_choice(length):
    where = worlds.region([k % 3 for k in range(40)])
    v = worlds.plain(where, np.zeros(40), worlds.people(12), PEERS, {"choice": {"dissimilarity": length}})
    made = worlds.make(where, v)
    chosen = worlds.chosen(made, made.economy)[0].site
    unchosen = np.setdiff1d(np.arange(40), chosen)
    constant = made.fixed.constant - 500.0 * np.isin(np.arange(40), unchosen)
    closed = made._replace(fixed=made.fixed._replace(constant=constant))
    assert len(unchosen) > 20
    assert (worlds.chosen(closed, made.economy)[0].site == chosen).all()
