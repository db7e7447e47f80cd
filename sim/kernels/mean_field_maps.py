"""Products of the mean field's linear maps with changes of counts (kind, site).

Signatures: each_kind: slopes (kind, site k, site j), change -> (kind, site); utility: w (site, site), own and whole
(kind, kind, site), rent (kind, site), slope (site,), change -> what it does to utility (kind, site) and to ln rent
(site,); born: what `births.Births` says, change -> (kind, site). Of many changes (..., kind, site) one after another.
Identities: those of the sums in their docstrings (tests/model/test_feedback_twin.py). The innermost loop goes along the
sites that are arrived at, whose numbers lie side by side and do not wait for one another.
"""

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined


def each_kind(slopes, change):
    """x'_sj = sum_k slopes_skj x_sk."""
    if change.ndim > 2:
        return np.array([each_kind(slopes, one) for one in change])
    found = np.zeros(change.shape)
    _each_kind(slopes, np.ascontiguousarray(change), found)
    return found


@compiled
def _each_kind(slopes, change, found):
    for s in range(change.shape[0]):
        for k in range(change.shape[1]):
            _add(change[s, k], slopes[s, k], found[s])


@inlined
def _add(factor, row, found):
    if factor != 0.0:
        for j in range(np.uint64(found.size)):
            found[j] += factor * row[j]


def utility(w, own, whole, rent, slope, change):
    """(v, r): r_k = sum_t rent_tk x_tk, v_sk = sum_t own_stk y_tk + sum_t whole_stk sum_j y_tj + slope_k r_k.

    y_tk = sum_j w_jk x_tj. Where whole is empty it counts as nothing.
    """
    if change.ndim > 2:
        return tuple(map(np.array, zip(*(utility(w, own, whole, rent, slope, one) for one in change))))
    value, (near, rise) = np.zeros(change.shape), np.zeros((2, change.shape[1]))
    _utility(w, own, whole, rent, slope, np.ascontiguousarray(change), near, value, rise)
    return value, rise


@compiled
def _utility(w, own, whole, rent, slope, change, near, value, rise):
    """Fill value (kind, site) and rise (site,), which are 0; near (site,) is scratch."""
    for t in range(change.shape[0]):
        near[:] = 0.0
        for j in range(change.shape[1]):
            _add(change[t, j], w[j], near)
        for s in range(change.shape[0]):
            _add_product(1.0, own[s, t], near, value[s])
        if whole.size > 0:
            total = near.sum()
            for s in range(change.shape[0]):
                _add(total, whole[s, t], value[s])
        _add_product(1.0, rent[t], change[t], rise)
    for s in range(change.shape[0]):
        _add_product(1.0, slope, rise, value[s])


@inlined
def _add_product(factor, a, b, found):
    for j in range(np.uint64(found.size)):
        found[j] += factor * a[j] * b[j]


def born(rate, group, same, others, stay, arrival, change):
    """What spin-offs of a change make: b_s = q p_s + others_s sum of p over the group of s, p = rate x.

    stay b_sk at their site k, and (1 - stay) sum_k b_sk arrival_sj where they choose.
    """
    if change.ndim > 2:
        return np.array([born(rate, group, same, others, stay, arrival, one) for one in change])
    together, found = np.zeros((2, *change.shape))
    _born(rate, group, same, others, stay, arrival, np.ascontiguousarray(change), together, found)
    return found


@compiled
def _born(rate, group, same, others, stay, arrival, change, together, found):
    """Fill found and together (kind, site), parents of a group, at its number, which both are 0."""
    for s in range(change.shape[0]):
        _add_product(1.0, rate[s], change[s], together[group[s]])
    for s in range(change.shape[0]):
        _add_product(same, rate[s], change[s], found[s])
        _add(others[s], together[group[s]], found[s])
        choosing = (1.0 - stay) * found[s].sum()
        for j in range(found.shape[1]):
            found[s, j] = stay * found[s, j] + choosing * arrival[s, j]
