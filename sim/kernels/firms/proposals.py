"""Tastes and origins that enterprises might have, many of each at a time.

Signatures: propose: numpy generators -> standard normal numbers, origins and uniform numbers in place. Identities: what
numpy's own methods give, number after number, which numba takes from the same generator in half the time.
"""

from sim.kernels.numerics.compiler import drawing, inlined


@drawing
def propose(draw, origins, origin_cum, normal, origin, chance):
    """Fill normal (draw, chooser, taste), origin (draw, chooser) if origins vary, chance (draw, chooser) in this order.

    origin_cum are cumulative shares of origins, none where origins do not vary.
    """
    for d in range(chance.shape[0]):
        for n in range(chance.shape[1]):
            for a in range(normal.shape[2]):
                normal[d, n, a] = draw.standard_normal()
        for n in range(chance.shape[1] if origin_cum.size > 0 else 0):
            origin[d, n] = _category(origins.random(), origin_cum)
        for n in range(chance.shape[1]):
            chance[d, n] = draw.random()


@inlined
def _category(u, cumulative):
    """As `attributes.category`, without a branch that nobody could foresee."""
    k = 0
    for c in range(cumulative.size - 1):
        k += u >= cumulative[c]
    return k
