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

from sim.kernels.mean_field import chained, chosen
from sim.model.mean_field import quarter_map
from sim.model.mean_field.modes import reduced, shares


class Answers(NamedTuple):
    """First answers to gains, at the counts for which they are built."""

    verge: np.ndarray           # (kind, site k, site + 1 j) r m_kj: how many a gain of j on k brings there in a quarter
    waiting: float              # f: share of those who could answer a gain and have not, a quarter later


def build(field, n, factor):
    """The Answers of a Field at counts n (kind, site) that grow by `factor` in the quarter."""
    seen = quarter_map.seen_at(field, n)
    closing = quarter_map.exits(field, np.ones_like(n), seen)
    lost = float((closing * n).sum() / n.sum())
    return Answers(_verge(field, n, closing, seen.incumbents, factor),
                   max(0.0, 1.0 - lost - field.review - field.kept) / factor)


def _verge(field, n, closing, chances, factor):
    """(kind, site, site + 1) r m_kj, summed over the sampled incumbents."""
    who, chooser = field.sample.incumbents, np.arange(len(chances))
    stay = chances[chooser, who.group % n.shape[1]]
    stayed = np.where(who.held > 0.0, _stayed(field, n, closing, factor, stay), 1.0)
    weight = field.kept * n.ravel()[who.group] * who.share * stayed
    found = chosen(chances + _within_nest(field, n, chances), who.group, weight, n.size)
    found[np.arange(n.size), np.arange(n.size) % n.shape[1]] = 0.0
    return found.reshape(*n.shape, -1)


def _stayed(field, n, closing, factor, stay):
    """(chooser,) share s of an incumbent's like whose last renewal of errors left them where they were."""
    group = field.sample.incumbents.group
    born = np.divide(field.births.stay * field.births.born(n), n, out=np.zeros_like(n), where=n > 0.0).ravel()[group]
    leaving = field.review + closing.ravel()[group] + factor - 1.0
    renewed = field.review * stay + born
    return np.minimum(1.0, np.divide(renewed, leaving, out=np.zeros_like(stay), where=leaving > 0.0))


def _within_nest(field, n, chances):
    """(chooser, site + 1) (1 - l)/l P(j | nest) in the nest of the chooser's site, else 0; l its dissimilarity."""
    nest = field.of_site[field.sample.incumbents.group % n.shape[1]]
    same = nest[:, None] == field.of_site
    inside = np.where(same, chances, 0.0)
    slack = (1.0 - field.length[nest]) / field.length[nest]
    return slack[:, None] * inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300)


def path(field, slopes, answers, gain, quarters, factor):
    """(kind, site) changes of counts after so many quarters of a lasting gain (kind, site) of utility.

    Relative to the growth of the whole. The direct effect of a quarter is `slopes.direct` times the gain.
    """
    full, direct = slopes.held + slopes.added, np.einsum("sjk,sk->sj", slopes.direct, gain)
    x, answered = np.zeros_like(gain), np.zeros_like(answers.verge)
    for _ in range(quarters):
        lead = _leads(gain + _times(slopes.value, x))
        went = answers.verge * np.maximum(lead - answered, 0.0)
        moved = went[:, :, :-1].sum(axis=1) - went.sum(axis=2)
        x = (_times(full, x) + direct + moved) / factor
        answered = answers.waiting * answered + (1.0 - answers.waiting) * lead
    return x


def _leads(v):
    """(kind, site k, site + 1 j) what j gains on k where utilities rise by v (kind, site), the outside option last."""
    return np.pad(v, ((0, 0), (0, 1)))[:, None, :] - v[:, :, None]


def modes(slopes, answers, n, factor):
    """The matrix of changes of shares at n and of what has been answered, for the slowest mode of both.

    Of the two flows between two places that one answers a mode in which one gains on the other; the mean of
    both stands for it.
    """
    brought = _brought(answers.verge)
    kinds, sites = n.shape
    number = kinds * (sites - 1)                        # of changes of shares; behind them stands what is answered
    found = np.zeros((number + n.size, number + n.size))
    found[:number, :number] = reduced(slopes.held + slopes.added + chained(brought, slopes.value), n, rows=True,
                                      columns=True)
    for kind, share in enumerate(shares(n)):
        rows, columns = slice(kind * (sites - 1), (kind + 1) * (sites - 1)), slice(kind * sites, (kind + 1) * sites)
        found[rows, number:][:, columns] = (share[:, None] * brought[kind].sum(axis=0) - brought[kind])[:-1]
    found[number:, :number] = reduced(slopes.value, n, rows=False, columns=True)
    found[number:, :number] *= 1.0 - answers.waiting
    np.einsum("ii->i", found[number:, number:])[:] = answers.waiting
    found[:number] /= factor
    return found


def _brought(verge):
    """(kind, site, site) what a gain of a site brings to a site, half the flow to and half the flow not lost."""
    sites = verge.shape[1]
    pairs = 0.5 * (verge[:, :, :-1] + verge[:, :, :-1].transpose(0, 2, 1))
    here = pairs.sum(axis=2) + 0.5 * verge[:, :, -1]
    return here[:, :, None] * np.eye(sites) - pairs


def _times(slopes, change):
    """(kind, site) slopes (kind, site, kind, site) times a change of counts (kind, site)."""
    return np.einsum("ij,j->i", slopes.reshape(change.size, -1), change.ravel()).reshape(change.shape)
