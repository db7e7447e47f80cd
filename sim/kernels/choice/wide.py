"""Sums over sites in rows of whole vectors, which leave nothing over and lie in no two cache lines.

Signatures: add_up: row of a class, loadings of an enterprise -> v (width,) what sites offer it. Identities: v[j] =
site[j] + by_class[row, j] + sum_a loading[a] personal[a, row, j], added in this order.
Most of the time of so short loops goes in their beginnings, so that one adds many terms, those that are 0 included.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import TASTE_TAX
from sim.kernels.numerics.compiler import apart, inlined, pasted
from sim.kernels.numerics.memory import aligned

TOGETHER = 8                   # personal terms that a loop adds
VECTOR = 8                     # numbers of the longest vector, which fill a cache line


class Wide(NamedTuple):
    """What a member's sites offer everybody, and where the personal terms stand."""

    site: np.ndarray              # (width,) as Tables.site
    first: np.ndarray             # (term and more,) uint64, row where that of a term begins
    step: np.ndarray              # (term and more,) uint64, 1 where it varies by class, else 0
    tabled: np.ndarray            # (term,) 1 for the personal terms whose worth is a table, 0 for that of relief
    times: np.ndarray             # (term and more,) scratch: loadings of an enterprise; what lies beyond stays 0


def wide_for(sites, terms):
    """Room for so many sites and personal terms."""
    site, listed = aligned((width_of(sites),)), terms + TOGETHER
    site[:] = 0.0
    return Wide(site, *np.zeros((2, listed), np.uint64), np.ones(terms), np.zeros(listed))


def width_of(sites):
    """Numbers in a row of so many sites and the outside option."""
    return (sites + VECTOR) // VECTOR * VECTOR


@inlined
def begin_wide(tables, wide):
    """Fill it from the Tables of a member."""
    for j in range(tables.site.size):
        wide.site[j] = tables.site[j]
    for a in range(tables.loading_of.size):
        wide.tabled[a] = 0.0 if tables.loading_of[a] == TASTE_TAX else 1.0
        wide.first[a], wide.step[a] = a * tables.by_class.shape[0], tables.varies[a]


@inlined
def add_up(row, loading, by_class, personal, wide, v):
    """Fill v with what sites offer to an enterprise of a class, but for what relief is worth."""
    row, times = np.uint64(row), wide.times
    for a in range(loading.size):
        times[a] = loading[a] * wide.tabled[a]
    _begin(v, wide.site, by_class[row])
    for a in range(0, loading.size, TOGETHER):
        _add_eight(v, times[a:a + TOGETHER], _worth(a, row, personal, wide), _worth(a + 1, row, personal, wide),
                   _worth(a + 2, row, personal, wide), _worth(a + 3, row, personal, wide),
                   _worth(a + 4, row, personal, wide), _worth(a + 5, row, personal, wide),
                   _worth(a + 6, row, personal, wide), _worth(a + 7, row, personal, wide))


@apart
def _begin(v, site, base):
    for j in range(base.size):
        v[j] = site[j] + base[j]


@apart
def _add_eight(v, times, a, b, c, d, e, f, g, h):
    """Add as many terms, in their order."""
    in_a, in_b, in_c, in_d = times[0], times[1], times[2], times[3]
    in_e, in_f, in_g, in_h = times[4], times[5], times[6], times[7]
    for j in range(v.size):
        v[j] = (((((((v[j] + in_a * a[j]) + in_b * b[j]) + in_c * c[j]) + in_d * d[j]) + in_e * e[j]) + in_f * f[j])
                + in_g * g[j]) + in_h * h[j]


@pasted
def _worth(a, row, personal, wide):
    """What a personal term is worth at every site to who has it once; the index is unsigned, or it would be tested."""
    return personal[wide.first[a] + row * wide.step[a]]
