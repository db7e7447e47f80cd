"""Feedback: how much a change of the counts brings about by itself, and how long it lasts.

R_choice is the leading eigenvalue of the entrants' map from shares to chosen shares, without moving
costs, at the entrants' own fixed point (`entry_feedback`). R_dyn is that of (1 + z - A0)^-1 G, A0 the
slopes of the quarterly map with peers and rents held, G what they add, z the growth of the whole at
these counts. At a fixed point z = 0; elsewhere a place that keeps its share of a growing whole is
neither gaining nor losing. What a lasting change comes to in the long run is 1/(1 - R_dyn) times its
direct effect, and shares run away where R_dyn > 1. The half-life is that of the slowest mode of
(A0 + G)/(1 + z), first answers of those who keep their errors included (`answers`), among changes of
shares: how many enterprises of a kind there are in all is no matter of place.

Decision 66 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.model.mean_field import answers, entry_feedback, held_inverse, map_slopes, quarter_map
from sim.model.mean_field.modes import flat, leading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.map_slopes import Slopes
    from sim.model.mean_field.quarter_map import Field, Seen

DIGITS = 9                    # kept of what is reported, so that it does not depend on a library's last bits


class Feedback(NamedTuple):
    r_choice: float
    r_dyn: float
    half_life: float            # years; inf where the slowest mode grows

    @property
    def multiplier(self) -> float:
        """The long run of a lasting change over its direct effect, 1/(1 - R_dyn); inf from R_dyn = 1 on."""
        return 1.0 / (1.0 - self.r_dyn) if self.r_dyn < 1.0 else float("inf")


def measure(field: Field, n: NDArray[np.float64] | None = None, slopes: Slopes | None = None) -> Feedback:
    """The Feedback of a Field at counts n, by default as they stand; slopes there, if they are at hand."""
    n = field.n if n is None else n
    slopes = slopes or map_slopes.slopes(field, n)
    factor = growth(field, n, slopes.seen)
    shares, size = answers.shares_map(field, slopes, n, factor)
    return Feedback(round(entry_feedback.r_choice(field, n), DIGITS), round(r_dyn(field, slopes, n, factor), DIGITS),
                    half_life(round(leading(shares, size), DIGITS)))


def growth(field: Field, n: NDArray[np.float64], seen: Seen | None = None) -> float:
    """The factor 1 + z by which the whole grows in the quarter after n; what is seen there, if it is at hand."""
    return 1.0 if field.closed else quarter_map.advance(field, n, seen).sum() / n.sum()


def r_dyn(field: Field, slopes: Slopes, n: NDArray[np.float64], factor: float = 1.0) -> float:
    """The leading eigenvalue of (1 + z - A0)^-1 G at counts n."""
    held = held_inverse.build(field, slopes, factor)
    return leading(flat(lambda change: held.times(slopes.added(change)), n.shape), n.size)


def half_life(mode: float) -> float:
    """Years in which a mode that keeps the share `mode` a quarter falls to a half."""
    if np.isnan(mode):
        return float("nan")
    kept = max(abs(mode), 1e-300)
    return float("inf") if kept >= 1.0 else round(float(0.25 * np.log(0.5) / np.log(kept)), DIGITS)
