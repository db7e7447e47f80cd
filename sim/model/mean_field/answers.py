"""How those answer who review their site and keep their errors.

Who keeps the errors under which it chose k moves only when another place j has gained on k since, and then at once at
its next review: a first answer, and no further one to the same gain. In utilities V0 + v, v small,

    x' = (A0 + G) x + E v0 + sum of F,     v = v0 + dV/dn x     F_kj = r m_kj [v_j - v_k - a_kj]+  go from k to j
    a' = f a + (1 - f) (v_j - v_k)

x are changes of counts, E the slopes of entrants and of reviews with new errors (G = E dV/dn), r the chance of a review
that keeps errors, a_kj the gain of j on k that enterprises at k have answered already, on average: that of their last
review or renewal. f is the share that has none in a quarter. m_kj is how many stand on the verge of moving, for a unit
of gain: where moves cost, of those alone whose last renewal left them where they were, V_k + e_k >= V_j + e_j - c_kj,
with equality for some; who came by its errors stands better by the cost. In balance

    m_kj = n_k s_k (-dP_kk / dV_j) / P_kk,   s_k = (h P_kk + b)/(h + d + z);     s_k = 1 where moves are free

h renewals, d exits, b spin-offs that stay, z growth; P_kj the chance of going from k to j by a review with new errors.

That is a play operator (Krasnosel'skii & Pokrovskii 1989) on its rising branch: it holds for gains of one place on
another that do not turn back and are less than the cost of a move. After a turn nobody who keeps errors moves back
until the fall exceeds the cost; renewals and demography alone lead back. In the long run a = v_j - v_k: first
answers leave R_dyn and the long run of a lasting gain as they are, and bring them nearer. As keep goes to 1 with the
cost given, h and s go to 0, and those who enter alone respond. Where moves cost less than nothing none of this
holds: at every review with the same errors the second best place is chosen.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels import mean_field as kernels
from sim.kernels.mean_field_maps import each_kind
from sim.model.mean_field import quarter_map
from sim.model.mean_field.modes import of_shares, shares, with_last, without_last


class Answers(NamedTuple):
    """First answers to gains, at the counts for which they are built."""

    verge: np.ndarray           # (kind, site k, site + 1 j) r m_kj: how many a gain of j on k brings there in a quarter
    waiting: float              # f: share of those who could answer a gain and have not, a quarter later


def build(field, n, factor, seen):
    """The Answers of a Field at counts n (kind, site) that grow by `factor` in the quarter, and what is seen there."""
    closing = quarter_map.exits(field, np.ones_like(n), seen)
    lost = float((closing * n).sum() / n.sum())
    return Answers(_verge(field, n, closing, seen.incumbents, factor),
                   max(0.0, 1.0 - lost - field.review - field.kept) / factor)


def _verge(field, n, closing, chances, factor):
    """(kind, site, site + 1) r m_kj, summed over the sampled incumbents.

    -dP_kk/dV_j / P_kk = P_kj + (1 - l)/l P(j | nest) in the nest of k, l its dissimilarity.
    """
    who, chooser, sites = field.sample.incumbents, np.arange(len(chances)), n.shape[1]
    stay, nest = chances[chooser, who.group % sites], field.of_site[who.group % sites]
    stayed = np.where(who.held > 0.0, _stayed(field, n, closing, factor, stay), 1.0)
    weight = field.kept * n.ravel()[who.group] * who.share * stayed
    of_nest = np.einsum("ij,ij->i", chances, (np.arange(len(field.length))[:, None] == field.of_site)[nest])
    slack = (1.0 - field.length[nest]) / field.length[nest] / np.maximum(of_nest, 1e-300)
    same = field.of_site[:-1, None] == field.of_site
    found = kernels.chosen(chances, who.group, weight, n.size).reshape(*n.shape, -1)
    found += same * kernels.chosen(chances, who.group, weight * slack, n.size).reshape(*n.shape, -1)
    np.einsum("skk->sk", found[:, :, :-1])[:] = 0.0
    return found


def _stayed(field, n, closing, factor, stay):
    """(chooser,) share s of an incumbent's like whose last renewal of errors left them where they were."""
    group = field.sample.incumbents.group
    born = np.divide(field.births.stay * field.births.born(n), n, out=np.zeros_like(n), where=n > 0.0).ravel()[group]
    leaving = field.review + closing.ravel()[group] + factor - 1.0
    renewed = field.review * stay + born
    return np.minimum(1.0, np.divide(renewed, leaving, out=np.zeros_like(stay), where=leaving > 0.0))


def path(slopes, found, gain, quarters, factor):
    """(kind, site) changes of counts after so many quarters of a lasting gain (kind, site) of utility.

    Relative to the growth of the whole. The direct effect of a quarter is E times the gain. What is answered of a gain
    of one place on another is the difference of what is of both, for it starts at nothing and follows linearly.
    """
    x, answered, direct = np.zeros(gain.shape), np.zeros(gain.shape), each_kind(slopes.direct, gain)
    for _ in range(quarters):
        seen = slopes.utility.seen(x)
        value = gain + seen[0]
        x = (slopes.all(x, seen) + direct + kernels.answers(found.verge, value - answered)) / factor
        answered = found.waiting * answered + (1.0 - found.waiting) * value
    return x


def shares_map(field, slopes, n, factor):
    """(map, size): of changes of shares at n and of what has been answered, for the slowest mode of both.

    Of the two flows between two places that one answers a mode in which one gains on the other; the mean of
    both stands for it.
    """
    if field.kept == 0.0:
        return of_shares(lambda x: slopes.all(x) / factor, n), n.size - len(n)
    found = build(field, n, factor, slopes.seen)
    brought, number, share = _brought(found.verge), n.size - len(n), shares(n)     # number of changes of shares

    def times(both):
        x, answered = with_last(both[..., :number], n), both[..., number:].reshape(*both.shape[:-1], *n.shape)
        value, _ = seen = slopes.utility.seen(x)
        x = (slopes.all(x, seen) + each_kind(brought, value - answered)) / factor
        answered = found.waiting * answered + (1.0 - found.waiting) * value
        return np.concatenate([without_last(x, share), answered.reshape(*both.shape[:-1], -1)], axis=-1)

    return times, number + n.size


def _brought(verge):
    """(kind, site, site) what a gain of a site brings to a site, half the flow to and half the flow not lost."""
    sites = verge.shape[1]
    pairs = 0.5 * (verge[:, :, :-1] + verge[:, :, :-1].transpose(0, 2, 1))
    here = pairs.sum(axis=2) + 0.5 * verge[:, :, -1]
    return here[:, :, None] * np.eye(sites) - pairs
