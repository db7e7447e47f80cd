"""Sums over sites in rows of whole vectors are those of plain loops."""

import numpy as np
import pytest

from sim.kernels.arrays import TASTE_TAX, Awards, Places, Tables
from sim.kernels.choice import wide as sums
from sim.kernels.choice.wide import wide_for, width_of
from sim.kernels.numerics.compiler import compiled


@compiled
def offered(row, loading, tables, personal, wide, v):
    sums.begin_wide(tables, wide)
    sums.add_up(row, loading, tables.by_class, personal, wide, v)


def tables_of(sites, terms, classes=5):
    """Tables of a member: every third term varies by class, the second is relief's where there are more than one."""
    draw, width, none = np.random.default_rng(sites * 100 + terms), width_of(sites), np.zeros((0, 0))
    by_class, personal = np.zeros((classes, width)), np.zeros((terms, classes, width))
    varies, loading_of = (np.arange(terms) % 3 == 0).astype(np.int64), np.arange(terms) + 3
    by_class[:, :sites] = draw.normal(size=(classes, sites))
    personal[:, :, :sites] = draw.normal(size=(terms, 1, sites))
    personal[varies == 1, :, :sites] = draw.normal(size=(varies.sum(), classes, sites))
    loading_of[1:2] = TASTE_TAX
    nowhere = Places(0, none, none, 0.0, none, np.arange(sites))
    return Tables(draw.normal(size=sites), by_class, personal, loading_of, varies, none,
                  Awards(np.zeros((0, 0, 0)), none, none), 0.0, 0.0, none, np.zeros((2, 1, 3)), nowhere, 1, 1)


@pytest.mark.parametrize("terms", [1, 7, 8, 9, 17])
@pytest.mark.parametrize("sites", [1, 7, 8, 33])
def test_every_term_is_added_at_every_site_in_its_order(terms, sites):
    tables, wide, v = tables_of(sites, terms), wide_for(sites, terms), np.zeros(width_of(sites))
    for row, loading in ((3, np.linspace(-1.0, 2.0, terms)), (0, np.zeros(terms)), (4, np.full(terms, 0.3))):
        offered(row, loading, tables, tables.personal.reshape(-1, v.size), wide, v)
        expected = tables.site + tables.by_class[row, :sites]
        for a in range(terms):
            if tables.loading_of[a] != TASTE_TAX:
                expected = expected + loading[a] * tables.personal[a, row, :sites]
        assert (v[:sites] == expected).all()
        assert not v[sites:].any()


def test_rows_hold_the_outside_option_and_whole_vectors():
    assert [width_of(sites) for sites in (1, 7, 8, 33, 39, 40)] == [8, 8, 16, 40, 40, 48]
