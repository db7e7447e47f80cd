"""Alternatives sampled for each chooser, and the correction that keeps estimates consistent.

The sites fall into strata for each chooser; of the N_s sites of a stratum n_s are drawn without replacement, the chosen
one among those of its own. The probability of drawing this set, had j been chosen, is proportional to N_s / n_s with s
the stratum of j, so ln(N_s / n_s) is added to V_j (McFadden 1978; Ben-Akiva & Lerman 1985, section 9.3). With one
stratum it is the same everywhere and falls out. For nested logit this does not do (Guevara & Ben-Akiva 2013).
"""

import numpy as np
from numpy.typing import NDArray

from sim.experiments.estimation.conditional_logit import Choices, Index


def sample(choices: Choices, stratum: Index, numbers: tuple[int, ...], generator: np.random.Generator) -> Choices:
    """Choices among at most sum(numbers) sites each.

    stratum: (chooser, alternative) from 0 on; numbers[s] sites of s are drawn, or all of fewer. Unavailable sites are
    in no stratum.
    """
    count = np.arange(len(choices.chosen))
    key = generator.random(choices.available.shape)
    key[count, choices.chosen] = -1.0                          # always in
    kept = np.zeros_like(choices.available)
    correction = choices.correction.copy()
    for s, number in enumerate(numbers):
        own = choices.available & (stratum == s)
        rank = np.where(own, key, np.inf).argsort(axis=1).argsort(axis=1)
        kept |= own & (rank < number)
        size = own.sum(axis=1)
        correction += np.where(own, np.log(size / np.maximum(np.minimum(size, number), 1), where=size > 0,
                                           out=np.zeros(len(size)))[:, None], 0.0)
    return _packed(choices._replace(correction=correction), kept)


def nearest(distance: NDArray[np.float64], number: int) -> Index:
    """(chooser, alternative) 0 for the `number` nearest sites, 1 for the others."""
    return (distance.argsort(axis=1, kind="stable").argsort(axis=1) >= number).astype(int)


def _packed(choices, kept):
    """Choices whose alternatives are those kept, side by side; the rest is unavailable."""
    width = int(kept.sum(axis=1).max())
    order = np.argsort(~kept, axis=1, kind="stable")[:, :width]
    row = np.arange(len(order))[:, None]
    at = (order == choices.chosen[:, None]).argmax(axis=1)
    return choices._replace(x=choices.x[row, order], chosen=at, available=kept[row, order],
                            correction=choices.correction[row, order], effect=choices.effect[row, order])
