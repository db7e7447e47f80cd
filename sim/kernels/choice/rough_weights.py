"""Weights of an enterprise's tastes in single precision, and how far they may be trusted.

Signatures: weigh_roughly: utilities without tastes, Trial -> trial.weight[:, t] = P(j | tastes), j the own place, by
the nested logit of `expected`; nan where single precision might be wrong by more than MARGIN says.
Identities: x_j = (v_j - v_f) / l + sum_a taste_a slope_aj / l, f the first place of the nest; S = sum e^x of a nest,
and P(j) = e^x_j / S_own e^(v_f + l ln S)_own / sum_nests e^(v_f + l ln S). Only differences of utilities are rounded.
Rounding: let u = 2^-24 and T = sum_a |taste_a| max |slope_a| / l <= REACH. As T bounds what tastes do, x_j is wrong by
at most u (3 T + 9 (T + |x_j|)), which is below 1100 u unless x_j < -20 - REACH, where e^x_j is less than e^-20 of its
nest's sum; x_j > 88 gives no number. A sum of n places adds n u, exponentials and logarithms 50 u; a weight has twice
that, and a comparison of two weights twice as much as one.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import HOMES, LANES, LOADINGS, TASTE_TAX
from sim.kernels.choice.wide import width_of
from sim.kernels.numerics.compiler import apart, inlined
from sim.kernels.numerics.elementary import exp32, log32
from sim.kernels.numerics.memory import aligned

DRAWS = 16                     # tastes of a chooser, which fill a vector in single precision
TERMS = 8                      # personal terms at most that are worth a taste
HOME = len(LOADINGS) - len(HOMES) - TASTE_TAX  # tastes beside those for homes, which follow from the origin
REACH = np.float32(16.0)       # what tastes may do to V / l where single precision is trusted
MARGIN, OF_A_PLACE = 2.0**-11, 2.0**-21        # what rounding may do to a comparison of weights, and more a place
LEAST, MOST = np.float32(1e-30), np.float32(2.0)       # weights that are trusted lie between them
NOTHING = np.float32(0.0)


class Trial(NamedTuple):
    """DRAWS tastes of one chooser, and what they weigh for LANES of them; width as in `wide`."""

    term: np.ndarray           # (tasted term,) int64, personal terms that are worth a taste
    inverse: np.ndarray        # (site + 1,) 1 / l of a place's nest
    first: np.ndarray          # (nest,) int64, its first place
    top: np.ndarray            # (width,) scratch
    reach: np.ndarray          # (TERMS,) float32, most that a taste of one adds to V / l, and all that follow to sums
    taste: np.ndarray          # (TERMS, DRAWS)
    base: np.ndarray           # (site + 1,) (v_j - v_f) / l
    tilt: np.ndarray           # (site + 1, TERMS) slope / l
    x: np.ndarray              # (site + 1, DRAWS) e^x
    sums: np.ndarray           # (nest and two, DRAWS) S; then the sum over nests, and T
    value: np.ndarray          # (nest, DRAWS) v_f + l ln S less v_f of the own nest
    exact: np.ndarray          # (tasted term, DRAWS) tastes, for exact weights
    slope: np.ndarray          # (tasted term, site) what a taste of one adds to a utility, for the same
    weight: np.ndarray         # (DRAWS, LANES)
    total: np.ndarray          # (LANES,)
    taken: np.ndarray          # (LANES,) int64, number of the draw
    unsure: np.ndarray         # (LANES,) int64, 1 where exact weights might tell another draw
    packed: np.ndarray         # (LANES,) int64, lanes whose exact weights are worked out together
    priced: np.ndarray         # (LANES,) bool, whether a legal place is worth something


def trial_for(tables, alternatives, nests):
    """Room for the tastes of a chooser."""
    whole = [np.zeros(TERMS, np.float32), *(aligned(shape, np.float32) for shape in (
        (TERMS, DRAWS), (alternatives,), (alternatives, TERMS), (alternatives, DRAWS), (nests + 2, DRAWS),
        (nests, DRAWS)))]
    for array in whole:
        array[:] = 0.0
    term = np.flatnonzero(tables.loading_of >= TASTE_TAX)
    return Trial(term, np.empty(alternatives), np.empty(nests, np.int64), np.zeros(width_of(alternatives - 1)), *whole,
                 np.zeros((len(term), DRAWS)), np.empty((len(term), alternatives)), np.zeros((DRAWS, LANES)),
                 np.empty(LANES), *np.empty((3, LANES), np.int64), np.empty(LANES, bool))


@inlined
def begin_trial(tables, of_site, length, trial):
    """Fill what is the same for all choosers."""
    steepest = 0.0
    for j in range(of_site.size - 1, -1, -1):
        trial.inverse[j] = 1.0 / length[of_site[j]]
        trial.first[of_site[j]] = j
        steepest = max(steepest, trial.inverse[j])
    for k in range(min(trial.term.size, TERMS)):
        a, most = trial.term[k], 0.0
        trial.top[:] = 0.0
        for row in range(tables.by_class.shape[0]):
            _raise(trial.top, tables.personal[a, row])
        for j in range(tables.site.size):
            most = max(most, trial.top[j])
            trial.tilt[j, k] = tables.personal[a, 0, j] * trial.inverse[j]
        trial.reach[k] = most * steepest


@apart
def _raise(most, row):
    for j in range(row.size):
        most[j] = max(most[j], abs(row[j]))


@inlined
def weigh_roughly(t, site, v, of_site, length, trial):
    """Weights of the tastes of the chooser in lane t, who stands at `site`; v (width,) are utilities without them."""
    x, sums, value, mine = trial.x, trial.sums, trial.value, of_site[site]
    for j in range(of_site.size):
        trial.base[j] = (v[j] - v[trial.first[of_site[j]]]) * trial.inverse[j]
    sums[:] = NOTHING
    for j in range(of_site.size):
        _add_place(x[j], sums[of_site[j]], trial.base[j], trial.tilt[j], trial.taste)
    total, reach = sums[length.size], sums[length.size + 1]
    for nest in range(length.size):
        ahead = np.float32(v[trial.first[nest]] - v[trial.first[mine]])
        _add_nest(total, value[nest], sums[nest], ahead, np.float32(length[nest]))
    _reach(reach, trial.taste, trial.reach)
    _weigh(x[site], value[mine], sums[mine], total, reach)
    for d in range(DRAWS):
        trial.weight[d, t] = x[site, d]


@apart
def _add_place(x, sums, base, tilt, taste):
    """Add e^x of a place to its nest's sums; all terms in one loop, too long to be unrolled before it vectorises."""
    a, b, c, d, e, f, g, h = tilt[0], tilt[1], tilt[2], tilt[3], tilt[4], tilt[5], tilt[6], tilt[7]
    for n in range(DRAWS):
        x[n] = exp32((((((((base + a * taste[0, n]) + b * taste[1, n]) + c * taste[2, n]) + d * taste[3, n])
                        + e * taste[4, n]) + f * taste[5, n]) + g * taste[6, n]) + h * taste[7, n])
        sums[n] += x[n]


@apart
def _reach(reach, taste, most):
    """T."""
    a, b, c, d, e, f, g, h = most[0], most[1], most[2], most[3], most[4], most[5], most[6], most[7]
    for n in range(DRAWS):
        reach[n] = (a * abs(taste[0, n]) + b * abs(taste[1, n]) + c * abs(taste[2, n]) + d * abs(taste[3, n])
                    + e * abs(taste[4, n]) + f * abs(taste[5, n]) + g * abs(taste[6, n]) + h * abs(taste[7, n]))


@apart
def _add_nest(total, value, sums, ahead, length):
    for d in range(DRAWS):
        value[d] = ahead + length * log32(sums[d])
        total[d] += exp32(value[d])


@apart
def _weigh(x, value, own, total, reach):
    """From e^x of the own place to P."""
    for d in range(DRAWS):
        weight = x[d] / own[d] * (exp32(value[d]) / total[d])
        x[d] = weight if (weight >= LEAST) & (weight <= MOST) & (reach[d] <= REACH) else np.float32(np.nan)
