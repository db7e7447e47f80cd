"""A world with everything switched on, for theorems about what must not matter. It registers no entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from numpy.typing import NDArray

from sim.config.parameters import Section
from sim.model.step import ModelState, QuarterRecord
from sim.policies.tax_rate import tax_rate
from sim.region.load import Region
from sim.verification import laboratory as lab

NESTS = [0, 0, 1, 1, 1, 2]
TAX = lab.policy(tax_rate, rate=5.0, years=1.0, sites=["site-3"], movers=True, name="first")
FULL = {"population": {"candidates": 400, "spread": 20.0}, "moving": {"cost": 1.5},
        "base_year": {"constants": {"site-1": 0.8, "site-2": 0.4, "site-5": -0.6}}}
ALL_ON = {"terms": {"tax": {"beta": 0.1}, "grant": {"beta": 1.0}},
          "choice": {"review": 0.8, "keep_errors": 0.3}}


def full(*overrides: Mapping[str, Any], policies: Iterable[tuple[str, str, Section]] = (TAX,),
         where: Region | None = None, members: int | Iterable[int] = 1, quarters: int = 12) -> lab.Made:
    """Churn, peers, rents, nests and a policy; of a region of six sites and three industries by default."""
    where = lab.region(NESTS, industries=3) if where is None else where
    values = lab.values(lab.years(quarters), FULL, ALL_ON, *overrides)
    return lab.make(where, values, policies=policies, members=members)


def remains(run: tuple[list[QuarterRecord], ModelState]) -> list[NDArray[Any]]:
    """Every array that a run leaves: those of its quarters, and what is known of who is alive at the end."""
    infos, economy = run
    alive = economy.state.site >= 0
    parts = [part for info in infos for part in info]
    quarters = [array for part in parts for array in (part if isinstance(part, tuple) else (part,))]
    return [*quarters, alive, *(array[alive] for array in economy.state)]


def differing(left: tuple[list[QuarterRecord], ModelState], right: tuple[list[QuarterRecord], ModelState]) -> int:
    """How many entries of what two runs leave behind differ; arrays of unlike shape count as a whole.

    nan, which stands for what was not measured, is the same as nan.
    """
    pairs = zip(remains(left), remains(right))
    return sum(max(a.size, b.size, 1) if a.shape != b.shape else int(((a != b) & ((a == a) | (b == b))).sum())
               for a, b in pairs)
