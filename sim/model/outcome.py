"""What a chunk of members leaves behind; whoever reads it needs nothing that simulates."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Outcome(NamedTuple):
    """Recorded arrays of a chunk of members, and how its base year was solved."""

    arrays: dict[str, Any]     # name -> array, or what gives it to `np.asarray`
    constant: np.ndarray       # (member, site)
    cost: np.ndarray           # (member, site) constant of the moving cost by the site that is left
    residual: np.ndarray       # (member,)
    shares: np.ndarray         # (member, site) allocated shares of candidates in the base year

    @property
    def mean_cost(self) -> np.ndarray:
        """(member,) constant of the moving cost, the mean over the shares where it is by site."""
        first = self.cost[:, 0]
        return first + (self.shares * (self.cost - first[:, None])).sum(axis=1)
