"""The inverse of what is held: (c - A0)^-1, kind by kind.

Kinds are coupled by spin-offs alone (`births`), and these by few numbers: a parent's children of other industries are
those of any parent of its alliances at the site. With A0 = D + q H b + sum over groups g of r_t H_t C_g b, D what stays
and moves within a kind, H where children go, b their rate, r_t the industry's share and C_g the sum over the kinds of a
group,

    x_t = B_t^-1 (v_t + r_t H_t y_g),     B = c - D - q H b,     y_g = C_g b x = (1 - C_g b B^-1 r H)^-1 C_g b B^-1 v

so that matrices of sites by sites are all that is eliminated (Woodbury 1950).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels.mean_field_maps import each_kind
from sim.kernels.numerics.linear import solved_all
from sim.model.mean_field.modes import less

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.births import Births
    from sim.model.mean_field.map_slopes import Slopes
    from sim.model.mean_field.quarter_map import Field


class HeldInverse(NamedTuple):
    """(c - A0)^-1 at counts n; where kinds keep their numbers, on the changes that do."""

    births: Births
    allied: np.ndarray          # (group, kind) as `births` has it
    alone: np.ndarray           # (kind, site, site) B^-1, columns of matrices first, as in all three
    spread: np.ndarray          # (kind, site, site) B^-1 r H
    together: np.ndarray        # (group, site, site) (1 - C b B^-1 r H)^-1

    def times(self, change: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., kind, site) x with (c - A0) x = change."""
        own = each_kind(self.alone, change)
        parents = each_kind(self.together, np.einsum("gs,...sk->...gk", self.allied, self.births.rate * own))
        return own + each_kind(self.spread, parents[..., self.births.group, :])


def build(field: Field, slopes: Slopes, factor: float) -> HeldInverse:
    """The HeldInverse for c = factor."""
    births, sites = slopes.births, field.n.shape[1]
    children = births.stay * np.eye(sites) + (1.0 - births.stay) * slopes.arrival[:, :, None]      # H
    own = births.same * children * births.rate[:, None, :]
    alone = _inverses(factor, slopes.stay.swapaxes(1, 2) + own, field.closed)
    spread = np.einsum("tjk,tkl->tjl", alone, births.others[:, None, None] * children)
    back = np.einsum("gt,tj,tjk->gjk", births.allied, births.rate, spread)
    return HeldInverse(births, births.allied, *(np.ascontiguousarray(each.swapaxes(1, 2))
                                 for each in (alone, spread, _inverses(1.0, back, False))))


def _inverses(factor, blocks, closed):
    """(factor - block)^-1 of (block, site, site); where numbers are kept, from and to changes that sum to 0."""
    found = np.zeros_like(blocks)
    for inverse, block in zip(found, blocks, strict=True):
        if closed:
            inverse[:-1, :-1] = _inverse(factor, block[:-1, :-1] - block[:-1, -1:])
            inverse[-1] = -inverse[:-1].sum(axis=0)
        else:
            inverse[:] = _inverse(factor, block)
    return found


def _inverse(factor, block):
    return solved_all(less(factor, block), np.eye(len(block)))
