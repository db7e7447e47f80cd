"""What manifests say: names, types and bounds, so that what a stranger wrote into one is refused in a sentence."""

import math
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.base.errors import CorruptError
from sim.base.messages import _

MOST_FILES = 100_000
MOST_RUNS = 10_000_000         # of a sweep; beyond, a store of single rows is the wrong tool
Count = Annotated[int, Field(ge=0, le=10**9, strict=True)]
Positive = Annotated[int, Field(ge=1, le=10**9, strict=True)]
NO_WAY_UP = r"^(\.{0,2}[^./\\\x00][^/\\\x00]*|\.{3}[^/\\\x00]*)$"
Name = Annotated[str, Field(pattern=NO_WAY_UP, max_length=255)]         # of a file in the folder itself
Word = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]          # of an experiment, as in the sweep's file
Texts = Annotated[list[str], Field(max_length=MOST_FILES)]


class Said(BaseModel):
    """What every manifest says; further keys are let through."""

    model_config = ConfigDict(strict=True, extra="allow")
    key: str
    status: str
    command: str = ""
    commit: str | None = ""
    versions: dict[str, str]
    processor: dict[str, str] = {}


class Warned(BaseModel):
    """A warning in both languages."""

    text: str
    text_zh: str


class Panel(BaseModel):
    """How many inputs rest on what evidence, and what the results should not be used for."""

    parameters: dict[str, Count]
    region: dict[str, Count]
    warnings: list[Warned]


class OfRun(Said):
    """manifest.json of a run."""

    scenario: str
    scenario_digest: str
    region: str
    region_digest: str
    title_en: str
    title_zh: str
    seed: Annotated[int, Field(ge=0)]
    replicates: Count
    files: Texts
    warnings: list[Warned] = []
    sha256: dict[Name, str]
    figures: Annotated[list[Name], Field(max_length=MOST_FILES)] = []
    drawn: dict[Name, str] = {}
    drawn_by: dict[str, str] = {}
    evidence: Panel | None = None
    finished: str = ""
    seconds: float | int = 0


class Compared(BaseModel):
    """A run that was compared."""

    scenario: Name
    folder: str
    results: str


class OfComparison(Said):
    """manifest.json of a comparison."""

    kind: Literal["comparison"]
    scenarios: Texts
    runs: list[Compared]
    sha256: dict[Name, str]
    sources: dict[str, str] = {}


class Scenario(BaseModel):
    """A scenario in comparison.json."""

    name: Name
    folder: str
    baseline: bool
    title_en: str
    title_zh: str


class Told(BaseModel):
    """The part of comparison.json that files are found by."""

    baseline: str
    end: str
    members: Count
    seed: int
    scenarios: list[Scenario]
    tables: dict[str, Name]


class Experiment(BaseModel):
    """An experiment in sweep.json."""

    design: str
    points: Positive
    replicates: Positive
    axes: dict[str, dict[str, Any]]
    order: list[str]
    outputs: dict[str, Any]
    scenarios: dict[Name, dict[str, Any]]
    order_of_scenarios: Annotated[list[str], Field(min_length=1)]

    @model_validator(mode="after")
    def _described(self) -> Self:
        if not set(self.order) <= set(self.axes) or not set(self.order_of_scenarios) <= set(self.scenarios):
            raise ValueError(_("an axis or a scenario is not described"))
        return self

    @model_validator(mode="after")
    def _spanned(self) -> Self:
        values: list[Any] = [self.axes[name].get("values") for name in self.order] if self.design == "grid" else []
        if self.design == "grid" and not (all(isinstance(each, list) for each in values)
                                          and math.prod(map(len, values)) == self.points):
            raise ValueError(_("the number of points of the grid is not that of its axes"))
        return self

    @property
    def runs(self) -> int:
        return self.points * self.replicates * len(self.order_of_scenarios)


class Definition(BaseModel):
    """What sweep.json says that results depend on."""

    experiments: Annotated[dict[Word, Experiment], Field(min_length=1)]

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(each.runs for each in self.experiments.values()) > MOST_RUNS:
            raise ValueError(_("more than {most:,} runs", most=MOST_RUNS))
        return self


class SweepFile(BaseModel):
    """sweep.json."""

    key: str
    definition: Definition
    shard: Annotated[list[Annotated[int, Field(ge=1, le=MOST_FILES)]], Field(min_length=2, max_length=2)]
    sha256: dict[str, str]

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.shard[0] > self.shard[1]:
            raise ValueError(_("the shard is beyond the last one"))
        return self


class OfSweep(BaseModel):
    """summary.json of a sweep."""

    kind: Literal["sweep"]
    content: str
    runs: Count
    failed: Count


def required(shape: type[BaseModel], said: dict[str, Any], path: str | Path, what: str,
             remedy: str = "") -> dict[str, Any]:
    """What was said, if it has the shape; CorruptError with the first thing that has not."""
    try:
        shape.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where, reason = ".".join(map(str, first["loc"])), first.get("ctx", {}).get("error", first["msg"])
        reason = reason.args[0] if isinstance(reason, ValueError) else reason
        raise CorruptError(_("{path}: not {what}: {where}: {reason}{remedy}", path=path, what=what, where=where,
                             reason=reason, remedy=remedy)) from None
    return said
