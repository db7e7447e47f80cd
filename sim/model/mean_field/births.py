"""Spin-offs in the mean field: who leaves whom, in which industry, to stay or to choose.

    born_s'j = sum_s T_s's (n_sj b_sj + a_sj)      T_s's = q [s' = s] + (1 - q) share of industry(s')

b is the probability that a spin-off leaves an enterprise in the quarter, its mean over all enterprises:
children are not as large as their parents, so a place with one giant is no place where births run away.
a are the spin-offs of anchors, q `spinoff.same_industry`; alliances are inherited. A share
`spinoff.stay` stays at its parent's site; the others choose as potential entrants of their kind do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels import arrays
from sim.kernels.mean_field_maps import born
from sim.model.processes import spinoffs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import RunConstants
    from sim.model.world import World


class Births(NamedTuple):
    """The spin-offs of one member in one quarter."""

    rate: np.ndarray            # (kind, site) probability that a spin-off leaves an enterprise, all alike
    of_anchors: np.ndarray      # (kind, site) spin-offs of anchors, whatever the counts
    same: float                 # q
    others: np.ndarray          # (kind,) (1 - q) share of the industry
    group: np.ndarray           # (kind,) number of the group of kinds with the same alliances; children are of it
    stay: float

    def born(self, n: NDArray[np.float64]) -> NDArray[np.float64]:
        """(kind, site) spin-offs by kind of child and site of parent at counts n (kind, site)."""
        return self.inherited(n * self.rate + self.of_anchors)

    def inherited(self, parents: NDArray[np.float64]) -> NDArray[np.float64]:
        """T times (..., kind, site) parents: as many children."""
        together = np.einsum("gs,...sk->...gk", self.allied, parents)
        return self.same * parents + self.others[:, None] * together[..., self.group, :]

    def brought(self, arrival: NDArray[np.float64], change: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., kind, site) spin-offs of a change, at their site or, by arrival (kind, site), where they choose."""
        return born(self.rate, self.group, self.same, self.others, self.stay, arrival, change)

    @property
    def allied(self) -> NDArray[np.float64]:
        """(group, kind) 1 where a kind is of the group."""
        return (np.arange(self.group.max() + 1)[:, None] == self.group).astype(float)


def build(world: World, fixed: RunConstants, state: arrays.State, m: int) -> Births:
    """The Births of member m of a State."""
    p = world.p.spinoff
    stay, same = (float(values[m % len(values)]) for values in (p.stay, p.same_industry))
    shape = len(world.industry_of_kind), world.sites
    _, chances = _chances(world, fixed, state, m, state.anchor[m] == 0)
    anchors, of_each = _chances(world, fixed, state, m, state.anchor[m] != 0)
    of_anchors = np.zeros(shape)
    np.add.at(of_anchors, (anchors.kind, anchors.site), of_each)
    industry = np.diff(fixed.traits.industry_cum, prepend=0.0)[world.industry_of_kind]
    group = np.unique(world.alliances_of_kind, return_inverse=True)[1]
    return Births(np.full(shape, float(chances.mean()) if len(chances) else 0.0), of_anchors, same,
                  (1.0 - same) * industry, group, stay)


def _chances(world, fixed, state, m, chosen):
    """Live enterprises of member m among the chosen slots, and the probability that a spin-off leaves each."""
    slots = np.flatnonzero(chosen & (state.site[m] >= 0))
    people = arrays.State(*(array[m, slots] for array in state))
    return people, spinoffs.chance(world, fixed, people, m)
