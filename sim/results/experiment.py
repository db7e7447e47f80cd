"""What results and runs must know of an experiment, whoever reads it from a file: protocols."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.base.errors import Problem
    from sim.config.toml_file import Key
    from sim.region.load import Region
    from sim.scenario.load import Scenario



class Kept(Protocol):
    """What is kept of every run besides its end."""

    @property
    def quarters(self) -> Sequence[str]: ...

    @property
    def series(self) -> Sequence[str]: ...

    @property
    def maps(self) -> Sequence[str]: ...

    def __iter__(self) -> "Iterator[tuple[str, Any]]": ...


class SweptScenario(Protocol):
    """A scenario of an experiment; `active` says axis by axis whether it has the axis's parameter."""

    @property
    def label(self) -> str: ...

    @property
    def scenario(self) -> "Scenario": ...

    @property
    def region(self) -> "Region": ...

    @property
    def active(self) -> tuple[bool, ...]: ...


class Axis(Protocol):
    """One or several parameters that move together; `apart` where members with other values share no ensemble."""

    @property
    def name(self) -> str: ...

    @property
    def keys(self) -> Sequence[str]: ...

    @property
    def paths(self) -> "tuple[Key, ...]": ...

    @property
    def apart(self) -> bool: ...

    def described(self) -> dict[str, Any]: ...


class Settings(Protocol):
    """How an experiment's points are laid out."""

    @property
    def design(self) -> str: ...

    @property
    def seed(self) -> int: ...

    @property
    def levels(self) -> int: ...


class Experiment(Protocol):
    """Points times scenarios times replicates; `columns` has the (point,) values of every axis."""

    @property
    def name(self) -> str: ...

    @property
    def scenarios(self) -> Sequence[SweptScenario]: ...

    @property
    def axes(self) -> Sequence[Axis]: ...

    @property
    def columns(self) -> Mapping[str, "NDArray[Any]"]: ...

    @property
    def replicates(self) -> int: ...

    @property
    def points(self) -> int: ...

    @property
    def runs(self) -> int: ...

    @property
    def kept(self) -> Kept: ...

    @property
    def settings(self) -> Settings: ...


class Sweep(Protocol):
    """A sweep file that is understood."""

    @property
    def experiments(self) -> "Sequence[Experiment]": ...


class Place(Protocol):
    """Where an experiment stands in its file."""

    def problem(self, key: "Key", wrong: str, expected: str = "", remedy: str = "") -> "Problem": ...
