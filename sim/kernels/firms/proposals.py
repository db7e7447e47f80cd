"""Tastes and origins that enterprises might have, many of each at a time.

Signatures: propose: numpy generators -> standard normal numbers, origins and uniform numbers in place. Identities: the
numbers are those of numpy's own methods, one after another, which numba takes from the same generator in half the time.
Which of them an enterprise takes: `kernels.choice.staying`.
"""

from sim.kernels.firms.attributes import category
from sim.kernels.numerics.compiler import drawing


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
