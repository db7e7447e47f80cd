"""Theorems: every file adds one registered function.

A theorem takes a case as keyword arguments and yields Rows (`sim.verification.theorems.rows`): what theory expects
beside what the production code gives, with the rule by which they are compared. Its cases are data:
those of the quick form, and `more` that the full form adds. Any other case of the same kind is run with
`sim verify --only T08 --set payoff=[[0,1],[0,2]]` or from a file; annotations say what arguments are.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from sim.base.registry import Registry

Function = TypeVar("Function", bound=Callable[..., Any])


class Theorem(Protocol):
    """A registered theorem; see `theorem` for what its attributes say."""

    name: str
    title: str
    title_zh: str
    source: str
    cases: Mapping[str, dict[str, Any]]
    more: Mapping[str, dict[str, Any]]

    def __call__(self, **arguments: Any) -> Iterator[Any]: ...


registry: Registry[Theorem] = Registry("theorem", "sim.verification.theorems", "theorems")


def theorem(name: str, title: str, source: str, *, cases: Mapping[str, dict[str, Any]],
            more: Mapping[str, dict[str, Any]] | None = None, title_zh: str = "") -> Callable[[Function], Function]:
    """File a theorem under its number: title, where it is proved or published, cases by name."""
    return registry.register(name, title=title, title_zh=title_zh, source=source, cases=cases, more=more or {})
