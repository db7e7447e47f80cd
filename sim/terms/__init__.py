"""Utility terms: every file adds one registered entry.

A table term is a function (world, levers, quarter) -> array that broadcasts to
(member, class, site), in units of the error's scale; with `loading="trade"` the table is multiplied
by that attribute of the enterprise. A peer term is a function
(world, levers) -> PeerTerm, data that the choice kernel evaluates on live counts, because
enterprises choose one after another.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.base.registry import Registry
from sim.config.parameters import Section

registry: Registry[Any] = Registry("utility term", "sim.terms", "terms")

Function = TypeVar("Function", bound="Callable[..., Any]")


class PeerTerm(NamedTuple):
    """gamma * form(a + sum over kinds and sites of phi[row, kind] w(d) n[kind, site])."""

    gamma: np.ndarray          # (member or 1,) weight, in units of the error's scale
    row_of_kind: np.ndarray    # (kind,) which row an enterprise of a kind looks at; -1 = none
    phi: np.ndarray            # (row, kind), or (member, row, kind): how much a peer of a kind counts in a row


def register(name: str, *, title: str, title_zh: str, sign: int, driver: str, parameters: type[Section] | None = None,
             **more: Any) -> Callable[[Function], Function]:
    """File a term: its name for readers in both languages, the sign of its effect, what drives it, its Section.

    `driver` is what the term rises with (falls, where the sign is -1): a lever, "regimes." and the name of a
    regime, "log_access", "station_age", "ring" or "homes" of the world, or the "counts" of peers. With sign 0 the
    loading says whom it draws and whom it repels. Further: `loading`, the personal loading if any, or a tuple of
    several, of which the function returns a table each, along a first axis; `peers`;
    `legal`, for a term of the legal place: where registration is a choice of its own it enters the value of
    legal places alone.
    """
    return registry.register(name, title=title, title_zh=title_zh, sign=sign, driver=driver, parameters=parameters,
                             **dict(loading=None, peers=False, legal=False) | more)


def by_loading(entry: Any, table: NDArray[np.float64]) -> list[tuple[str | None, NDArray[np.float64]]]:
    """A term's table with the loading that it is multiplied by; of a term with several, one table for each."""
    return list(zip(entry.loading, table)) if isinstance(entry.loading, tuple) else [(entry.loading, table)]


def by_site(coefficient: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """coefficient (member,) times values (member, site) -> (member, 1, site)."""
    return coefficient[:, None, None] * values[:, None, :]
