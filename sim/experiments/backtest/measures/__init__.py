"""Measures: what a series of observations counts, counted in a run. Every file adds one registered entry.

A measure is a function (look, where) -> (member,) numbers: of "stock" as they stand, of "arrivals" and "moves" in the
quarter that has just closed. One that counts "cumulative" crossings answers (member, slot) whether an enterprise
qualifies now; whoever follows the run adds up those who never did before, so that nobody leaves the count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from sim.base.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from sim.kernels import arrays
    from sim.model.step import RunConstants
    from sim.region.load import Region

COUNTS = ("stock", "cumulative", "arrivals", "moves")


class Look(NamedTuple):
    """A run at a quarter's close; at the opening nothing has happened yet."""

    fixed: RunConstants
    state: arrays.State
    headquarters: NDArray[np.int32]       # (member, site, industry, type)
    enterprises: NDArray[np.int32]        # the same
    events: arrays.Events | None          # of the quarter, None at the opening
    headquarters_entries: NDArray[np.int32] | None   # (member, site)


class Where(NamedTuple):
    """Which places and industries are counted; `to` are the destinations of moves."""

    sites: NDArray[np.bool_]              # (site,)
    industries: NDArray[np.bool_]         # (industry,)
    to: NDArray[np.bool_]                 # (site + 1,), the last one outside


class Measure(Protocol):
    """A registered measure."""

    name: str
    counts: str
    title: str
    title_zh: str

    def __call__(self, look: Look, where: Where, /) -> NDArray[np.generic]: ...


registry: Registry[Measure] = Registry("measure", "sim.experiments.backtest.measures")


def register(name: str, *, counts: str, title: str, title_zh: str) -> Callable[[Callable[..., object]], Measure]:
    """File a measure: which of COUNTS it is, and its name for readers in both languages."""
    if counts not in COUNTS:
        raise ValueError(f"{counts!r} is none of {COUNTS}")
    return cast("Callable[[Callable[..., object]], Measure]",
                registry.register(name, counts=counts, title=title, title_zh=title_zh))


def everything(sites: NDArray[np.bool_], region: Region) -> Where:
    """All industries at some sites, and moves to anywhere."""
    import numpy as np

    return Where(sites, np.ones(len(region.industries), bool), np.ones(len(sites) + 1, bool))


def inside(look: Look, where: Where) -> NDArray[np.bool_]:
    """(member, slot) whether a live enterprise stands at one of the places."""
    site = look.state.site
    found: NDArray[np.bool_] = (site >= 0) & where.sites[site.clip(0)]
    return found & where.industries[look.state.industry]


def meeting(look: Look) -> NDArray[np.bool_]:
    """(member, slot) whether an enterprise meets the base-year criteria."""
    from sim.kernels.firms import headquarters

    return headquarters.first_look(look.state, look.fixed.criteria).met.astype(bool)
