"""Sites that are alike: where two may be exchanged, so may they in every equilibrium.

The map commutes with an exchange of sites that nothing tells apart (Golubitsky & Stewart 2002, The Symmetry
Perspective, chapter 1), so what is led by one of K such sites is led by each of them in another equilibrium.
"""

import itertools
import math

import numpy as np

from sim.base import random_streams
from sim.model.mean_field import quarter_map

ALIKE = 1e-9                  # largest difference of two changes in a quarter, relative to the whole
DIGITS = 6                    # of shares by which the sites of an equilibrium are told apart


def classes(field, seed=0):
    """Lists of sites that may be exchanged, every site in one of them.

    An exchange is tried on counts drawn at random: a map that commutes with it there does so everywhere, unless it
    was made to deceive.
    """
    n = field.n.sum(axis=1, keepdims=True)
    draw = random_streams.generator("equilibria", seed, 1).dirichlet(np.full(field.n.shape[1], 3.0))
    even, odd = (quarter_map.advance(field, n * share) for share in (np.full(len(draw), 1.0 / len(draw)), draw))
    found = []
    for site in range(len(draw)):
        same = next((group for group in found if _exchangeable(field, n * draw, odd, even, (group[0], site))), None)
        if same is None:
            found.append([site])
        else:
            same.append(site)
    return found


def _exchangeable(field, n, after, even, pair):
    """Whether the map commutes with the exchange of two sites; `even` spares most of the trying."""
    one, other = pair
    if np.abs(even[:, one] - even[:, other]).max() > ALIKE * n.sum():
        return False
    order = np.arange(n.shape[1])
    order[[one, other]] = other, one
    return bool(np.abs(quarter_map.advance(field, n[:, order]) - after[:, order]).max() <= ALIKE * n.sum())


def number(n, groups):
    """How many equilibria are like n by exchanges within the groups, n among them."""
    return math.prod(math.factorial(len(group)) // math.prod(
        math.factorial(count) for count in _kinds(n, group)[1]) for group in groups)


def alike(n, groups, most):
    """Generator of up to `most` arrangements (kind, site) of n, each once, n first."""
    parts = [list(_arrangements(_kinds(n, group)[0], most)) for group in groups]
    for chosen in itertools.islice(itertools.product(*parts), most):
        order = np.arange(n.shape[1])
        for group, arranged in zip(groups, chosen):
            order[group] = np.array(group)[list(arranged)]
        yield n[:, order]


def _kinds(n, group):
    """For every site of a group the first that has its shares, and how many share them, by that first one."""
    shares = np.round(n[:, group] / n.sum(), DIGITS).T
    first, counts = np.unique(shares, axis=0, return_index=True, return_counts=True)[1:]
    of_site = [int(next(k for k in sorted(first) if (shares[k] == row).all())) for row in shares]
    return of_site, counts.tolist()


def _arrangements(kinds, most):
    """Up to `most` distinct orders of a group's sites, as places in it, the present one first."""
    places = {kind: [k for k, each in enumerate(kinds) if each == kind] for kind in dict.fromkeys(kinds)}
    for order in itertools.islice(_orders(list(kinds)), most):
        left = {kind: iter(own) for kind, own in places.items()}
        yield [next(left[kind]) for kind in order]


def _orders(kinds):
    """Distinct orders of a list with repetitions, it itself first."""
    yield list(kinds)
    seen = {tuple(kinds)}
    waiting = [tuple(kinds)]
    for order in waiting:
        for a, b in itertools.combinations(range(len(order)), 2):
            if order[a] != order[b]:
                other = list(order)
                other[a], other[b] = other[b], other[a]
                if tuple(other) not in seen:
                    seen.add(tuple(other))
                    waiting.append(tuple(other))
                    yield other
