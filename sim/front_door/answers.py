"""What the public calls answer: a folder of results, read with xarray and pandas when they are asked for."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base.errors import Problem

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.experiments.backtest.definitions import Left
    from sim.experiments.compare.compare import Analysed
    from sim.region.load import Region
    from sim.report.explorer.comparison import ExplorerPage
    from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Checked:
    """A scenario that can be run, and what is to be known about it."""

    scenario: Scenario         # every value, and where it comes from
    region: Region
    warnings: tuple[Problem, ...]  # what is probably not meant
    notes: tuple[Problem, ...]     # where policies meet on one lever, and which of them counts

    @property
    def memory(self) -> int:
        """Bytes that a run of it on two threads holds at its fullest."""
        from sim.model.preflight import memory_of_run

        return memory_of_run.bytes_needed(self.scenario.values, self.region)


@dataclass(frozen=True)
class Run:
    """A finished run, which lies in its folder."""

    folder: Path
    warnings: tuple[Problem, ...] = ()
    pages: tuple[Path, ...] = ()         # of the languages that were drawn

    @functools.cached_property
    def data(self) -> xr.Dataset:
        """Everything, labelled, with units (docs/files.md); it is read when it is first used."""
        from sim.results import run_folder

        return run_folder.load(self.folder)

    @functools.cached_property
    def summary(self) -> pd.DataFrame:
        """A row a measure, place and date: mean, standard error and 5-95 % band over the replicates."""
        from sim.results import summary

        return summary.of_folder(self.folder)


@dataclass(frozen=True)
class Comparison:
    """A finished comparison, which lies in its folder."""

    folder: Path
    warnings: tuple[Problem, ...] = ()
    pages: tuple[Path, ...] = ()
    analysed: Analysed | None = field(default=None, repr=False, compare=False)      # of which it was written just now

    @functools.cached_property
    def effects(self) -> xr.Dataset:
        """Scenario less baseline under the same draws: (scenario, member, quarter, group) by measure."""
        from sim.experiments.load import load

        return self.analysed.effects.by_member if self.analysed else load(self.folder)

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """comparison.json: titles, headline, ranking, advice."""
        from sim.plots.comparison import folder

        return self.analysed.content if self.analysed else folder.load(self.folder)

    @property
    def failure(self) -> str:
        """Which draws of the parameters have no result, "" if all have one."""
        from sim.experiments.compare import compare

        return compare.failure(self.folder, self.content)

    @property
    def summary(self) -> pd.DataFrame:
        """The headline: a row a scenario and measure of the zone at the end, with statistics of the effect."""
        import pandas as pd

        return pd.DataFrame(self.content["headline"])

    def explore(self, lang: str = "en") -> ExplorerPage:
        """The explorer of these scenarios: a notebook shows it, `save(path)` writes it as one page."""
        from sim.report.explorer import comparison

        return comparison.made(self.folder, lang)

    @functools.cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table of the folder by name: effects, ranking, leakage, costs, ... (docs/comparing.md)."""
        from sim.plots.comparison import data, folder

        return data.Tables(self.folder, folder.finished(self.folder), self.content["tables"])


@dataclass(frozen=True)
class Estimation:
    """What a list of firms says of the choice of places; it lies in its folder."""

    folder: Path
    pages: tuple[Path, ...] = ()

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """content.json: estimates by kind of choice, the bracket of peers, tests, the report on the data."""
        from sim.base import stored

        return stored.unsealed(self.folder / "content.json")

    @functools.cached_property
    def coefficients(self) -> pd.DataFrame:
        """A row a coefficient: kind of choice, effects of places, estimate, three kinds of standard error."""
        from sim.base.csv_files import read_csv

        return read_csv(self.folder / "coefficients.csv")

    @functools.cached_property
    def data(self) -> pd.DataFrame:
        """What became of the rows of the list: how many were dropped, and why."""
        from sim.base.csv_files import read_csv

        return read_csv(self.folder / "data.csv")


@dataclass(frozen=True)
class Targets:
    """What runs show beside what they should, beside patterns observed elsewhere, and beside held-out series."""

    folder: Path
    targets: pd.DataFrame      # a row a target: asked for, found, range, source
    patterns: pd.DataFrame     # a row a pattern: observed, found, and whether anything was fitted to it
    held_out: pd.DataFrame     # a row a series that is no input; empty where the region has none
    concentration: pd.DataFrame     # a row an industry: Ellison–Glaeser gamma of stock and entrants, and changes

    @property
    def page(self) -> str:
        """All of it as Markdown."""
        return (self.folder / "targets.md").read_text("utf-8")


@dataclass(frozen=True)
class Backtest:
    """A forecast that was written before it was scored, and its scores; it lies in its folder."""

    folder: Path
    left_out: tuple[Left, ...] = ()      # series that could not be scored, and why
    pages: tuple[Path, ...] = ()

    @functools.cached_property
    def summary(self) -> pd.DataFrame:
        """A row a series and forecaster: mean scores, and the model's lead with its standard error."""
        from sim.experiments.backtest import folder

        return folder.read(self.folder)[2]

    @functools.cached_property
    def choices(self) -> pd.DataFrame:
        """The same of flows: log scores of where firms arrive and move to; empty where none were observed."""
        from sim.experiments.backtest import folder

        return folder.choice_summary(self.folder)

    @property
    def failure(self) -> str:
        """Which draws of the parameters have no result, "" if all have one."""
        from sim.experiments.backtest import folder

        return folder.failure(self.folder)

    def finding(self, lang: str = "en") -> str:
        """In one sentence: does the model beat its best rival."""
        from sim.experiments.backtest import said

        return said.first_sentence(self.summary, lang, self.choices)

    def page(self, lang: str = "en") -> str:
        """All of it as Markdown."""
        from sim.experiments.backtest import said

        return said.markdown(self.summary, self.left_out, self.choices, lang)


@dataclass(frozen=True)
class Sweep:
    """A sweep, which lies in its folder."""

    folder: Path
    notes: tuple[str, ...] = ()          # what was made of the sweep file, where that is not plain

    @property
    def experiments(self) -> list[str]:
        """Names of the experiments of the file."""
        from sim.experiments.sweep import load

        return load.experiments(self.folder)

    @functools.cached_property
    def data(self) -> xr.Dataset:
        """Results with the axes of a grid as dimensions, of the only experiment; `sim.load` reads one of several."""
        from sim.experiments.sweep import load

        return load.load(self.folder)

    @functools.cached_property
    def failures(self) -> pd.DataFrame:
        """Runs without a result: experiment, run, point, scenario, replicate, reason."""
        from sim.experiments.sweep import load

        return load.failures(self.folder)

    @property
    def failure(self) -> str:
        """How many runs have no result, and the first of them; "" if all have one."""
        from sim.experiments.sweep import load

        return load.failure(self.folder, self.failures)
