"""Tastes and origins that enterprises might have, many of each at a time, and which of them they take.

Signatures: propose: numpy generators -> standard normal numbers, origins and uniform numbers in place; take: weights of
proposals -> tastes and origins in place. Identities: the numbers are those of numpy's own methods, one after another,
which numba takes from the same generator in half the time; of n proposals each is taken in proportion to its weight.
"""

from sim.kernels.firms.attributes import category
from sim.kernels.numerics.compiler import compiled, drawing


@drawing
def propose(draw, origins, chances, origin_cum, normal, origin, chance):
    """Fill normal (draw, taste, chooser), origin (draw, chooser) if origins vary, chance (draw, chooser) in this order.

    origin_cum are cumulative shares of origins, none where origins do not vary. Generators: draw of normal numbers,
    chances of chance; the same one where all choosers are given.
    """
    for d in range(chance.shape[0]):
        for n in range(chance.shape[1]):
            for a in range(normal.shape[1]):
                normal[d, a, n] = draw.standard_normal()
        for n in range(chance.shape[1] if origin_cum.size > 0 else 0):
            origin[d, n] = category(origins.random(), origin_cum)
        for n in range(chance.shape[1]):
            chance[d, n] = chances.random()


@compiled
def take(weights, chance, tastes, origin, total, last, taken, origin_taken):
    """Take the k-th proposal with probability w_k / (w_1 + ... + w_k), whichever was taken before.

    weights, chance, origin (draw, chooser), tastes (draw, taste, chooser); total (chooser,) is the sum of all weights
    so far, last (chooser,) scratch; taken (taste, chooser), origin_taken (chooser,).
    """
    last[:] = -1
    for d in range(weights.shape[0]):
        for n in range(weights.shape[1]):
            total[n] += weights[d, n]
            last[n] = d if chance[d, n] * total[n] < weights[d, n] else last[n]
    for n in range(weights.shape[1]):
        if last[n] >= 0:
            origin_taken[n] = origin[last[n], n]
            for a in range(tastes.shape[1]):
                taken[a, n] = tastes[last[n], a, n]
