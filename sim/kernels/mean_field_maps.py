"""Products of the mean field's linear maps with changes of counts, many changes at once.

Signatures: each_kind: slopes (kind, site k, site j), change (..., kind, site) -> (..., kind, site);
utility: w (site, site), own and whole (kind, kind, site), rent (kind, site), slope (site,), change -> what it does to
utility (..., kind, site) and to ln rent (..., site); born: what `births.Births` says, change -> (..., kind, site).
Identities: those of the sums in their docstrings (tests/model/test_feedback_twin.py). The innermost loop goes along the
sites that are arrived at, whose numbers lie side by side and do not wait for one another.
"""

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined


def _many(change):
    """(change, kind, site) of (..., kind, site), as it lies in memory."""
    return np.ascontiguousarray(change).reshape(-1, *change.shape[-2:])


def each_kind(slopes, change):
    """x'_sj = sum_k slopes_skj x_sk."""
    found = np.zeros(change.shape)
    _each_kind(slopes, _many(change), _many(found))
    return found


@compiled
def _each_kind(slopes, change, found):
    for b in range(change.shape[0]):
        for s in range(change.shape[1]):
            for k in range(change.shape[2]):
                _add(change[b, s, k], slopes[s, k], found[b, s])


@inlined
def _add(factor, row, found):
    if factor != 0.0:
        for j in range(np.uint64(found.size)):
            found[j] += factor * row[j]


def utility(w, own, whole, rent, slope, change):
    """(v, r): r_k = sum_t rent_tk x_tk, v_sk = sum_t own_stk y_tk + sum_t whole_stk sum_j y_tj + slope_k r_k.

    y_tk = sum_j w_jk x_tj. Where whole is empty it counts as nothing.
    """
    value, rise = np.zeros(change.shape), np.zeros((*change.shape[:-2], change.shape[-1]))
    _utility(w, own, whole, rent, slope, _many(change), np.empty(change.shape[-1]), _many(value),
             rise.reshape(-1, change.shape[-1]))
    return value, rise


@compiled
def _utility(w, own, whole, rent, slope, change, near, value, rise):
    """Fill value (change, kind, site) and rise (change, site), which are 0; near (site,) is scratch."""
    for b in range(change.shape[0]):
        for t in range(change.shape[1]):
            near[:] = 0.0
            for j in range(change.shape[2]):
                _add(change[b, t, j], w[j], near)
            for s in range(change.shape[1]):
                _add_product(1.0, own[s, t], near, value[b, s])
            if whole.size > 0:
                total = near.sum()
                for s in range(change.shape[1]):
                    _add(total, whole[s, t], value[b, s])
            _add_product(1.0, rent[t], change[b, t], rise[b])
        for s in range(change.shape[1]):
            _add_product(1.0, slope, rise[b], value[b, s])


@inlined
def _add_product(factor, a, b, found):
    for j in range(np.uint64(found.size)):
        found[j] += factor * a[j] * b[j]


def born(rate, group, same, others, stay, arrival, change):
    """What spin-offs of a change make: b_s = q p_s + others_s sum of p over the group of s, p = rate x.

    stay b_sk at their site k, and (1 - stay) sum_k b_sk arrival_sj where they choose.
    """
    found = np.zeros(change.shape)
    _born(rate, group, same, others, stay, arrival, _many(change), np.empty(rate.shape), _many(found))
    return found


@compiled
def _born(rate, group, same, others, stay, arrival, change, together, found):
    """Fill found, which is 0; together (kind, site) is scratch: parents of a group, at its number."""
    for b in range(change.shape[0]):
        together[:] = 0.0
        for s in range(change.shape[1]):
            _add_product(1.0, rate[s], change[b, s], together[group[s]])
        for s in range(change.shape[1]):
            _add_product(same, rate[s], change[b, s], found[b, s])
            _add(others[s], together[group[s]], found[b, s])
            choosing = (1.0 - stay) * found[b, s].sum()
            for j in range(found.shape[2]):
                found[b, s, j] = stay * found[b, s, j] + choosing * arrival[s, j]
