"""The simulator from Python: `sim.check`, `run`, `compare`, `sweep`. A command is one such call and printing."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.errors import MOST_LINES, FailedRunsWarning, Problem, ScenarioNote, ScenarioWarning
from sim.base.messages import _

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.region.load import Region
    from sim.scenario.load import Scenario

Text = str | Problem            # str() of either is a sentence in English
PathLike = str | os.PathLike[str]
Settings = Mapping[str, object] | Iterable[str]      # {"time.end": "2035-12-31"}, or texts "time.end=2035-12-31"


@dataclass(frozen=True)
class Checked:
    """A scenario that can be run, and what is to be known about it."""

    scenario: Scenario         # every value, and where it comes from
    region: Region
    warnings: tuple[Text, ...]  # what is probably not meant
    notes: tuple[Text, ...]     # where policies meet on one lever, and which of them counts


@dataclass(frozen=True)
class Run:
    """A finished run, which lies in its folder."""

    folder: Path
    warnings: tuple[Text, ...] = ()
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
    warnings: tuple[Text, ...] = ()
    pages: tuple[Path, ...] = ()

    @functools.cached_property
    def effects(self) -> xr.Dataset:
        """Scenario less baseline under the same draws: (scenario, member, quarter, group) by measure."""
        from sim.experiments.load import load

        return load(self.folder)

    @functools.cached_property
    def content(self) -> dict[str, object]:
        """comparison.json: titles, headline, ranking, advice."""
        from sim.plots.comparison import folder

        return folder.load(self.folder)

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

    @functools.cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table of the folder by name: effects, ranking, leakage, costs, ... (docs/comparing.md)."""
        from sim.plots.comparison import data, folder

        return data.Tables(self.folder, folder.finished(self.folder), self.content["tables"])


@dataclass(frozen=True)
class Sweep:
    """A sweep, which lies in its folder."""

    folder: Path
    notes: tuple[Text, ...] = ()          # what was made of the sweep file, where that is not plain

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


def check(scenario: PathLike, *, settings: Settings = ()) -> Checked:
    """Check a scenario file and its region without running it.

    `settings` are values over the file's: {"time.end": "2035-12-31"}, or texts "time.end=2035-12-31". What is
    probably not meant is said as a ScenarioWarning; InputError names every mistake at once.

    >>> len(check("scenarios/shanghai-ftz.toml").scenario.values.policies)
    1
    """
    from sim.model.preflight.memory_of_run import THREADS

    found = _checked(scenario, _texts(settings), THREADS)
    _warn(found.warnings)
    return found


def run(scenario: PathLike, *, settings: Settings = (), replicates: int | None = None, seed: int | None = None,
        out: PathLike | None = None, jobs: int | None = None, force: bool = False, languages: Iterable[str] = (),
        quiet: bool = False, command: str = "") -> Run:
    """Simulate a scenario file into a folder, by default outputs/<scenario>; finished members are kept.

    `jobs` are threads, by default one a processor; `force` replaces what is in the folder; figures and pages
    are drawn in `languages` ("en", "zh"); `command` is kept in the records. A progress bar is shown unless `quiet`.
    Raises InputError for bad input and the other errors of `sim.base.errors`.

    >>> done = run("scenarios/baseline.toml", replicates=2, settings={"population.candidates": 2000,
    ...            "time.end": "2021-12-31"}, quiet=True)
    >>> done.folder.as_posix(), dict(done.data["rent"].sizes)["member"]
    ('outputs/baseline', 2)
    """
    from sim.runs import limits, progress
    from sim.runs import run as runs
    from sim.runs.job import Job

    threads = jobs or limits.processors()
    checked = _checked(scenario, _texts(settings, replicates, seed), threads)
    _warn(checked.warnings)
    folder = Path(out or Path("outputs") / checked.scenario.name)
    job = Job(checked.scenario, checked.region, folder, threads, force, warnings=checked.warnings, command=command)
    progress.follow(runs.run(job), quiet)
    return Run(folder, checked.warnings, _drawn(folder, languages, quiet))


def compare(*scenarios: PathLike, baseline: str | None = None, settings: Settings = (),
            replicates: int | None = None, seed: int | None = None, out: PathLike | None = None,
            jobs: int | None = None, precision: float = 0.5, outside_shares: Iterable[float] = (),
            leave_out: str = "", draws: int = 0, per_draw: int = 4, force: bool = False,
            languages: Iterable[str] = (), quiet: bool = False, command: str = "") -> Comparison:
    """Compare scenarios that share every draw, replicate by replicate, in a folder.

    `scenarios` are scenario files or folders of finished runs, NAME=FILE names one; the first is the baseline,
    unless one is named. Runs that are missing are made in outputs/, by `jobs` processes. `precision` is the wanted
    half width of the 95 % interval of an effect, for advice on replicates; leakage is shown over `outside_shares`
    as well; `leave_out` "paying" or "all" runs every scenario without each of its policies in turn; parameters are
    drawn `draws` times from their ranges, with `per_draw` replicates of each. The rest is as in `run`.

    >>> found = compare("scenarios/baseline.toml", "scenarios/tod.toml", replicates=2, settings={
    ...                 "population.candidates": 2000, "time.end": "2026-12-31"}, jobs=1, quiet=True)
    >>> found.effects["headquarters"].sel(scenario="tod", group="zone").dims
    ('member', 'quarter')
    """
    from sim.experiments.compare import compare as comparing
    from sim.experiments.compare.scenarios import Settings as Common
    from sim.runs import limits, progress

    common = Common(_texts(settings, replicates, seed), Path("outputs"), jobs or limits.processors(), command)
    asked = comparing.prepared([os.fspath(each) for each in scenarios], baseline, common, out, precision=precision,
                               outside_shares=tuple(outside_shares), leave_out=leave_out, draws=draws,
                               per_draw=per_draw, force=force)
    _warn(asked.warnings)
    progress.follow(comparing.compare(asked), quiet)
    found = Comparison(asked.folder, asked.warnings, _drawn(asked.folder, languages, quiet))
    _warn([found.failure], FailedRunsWarning)
    return found


def sweep(file: PathLike, *, settings: Settings = (), replicates: int | None = None, out: PathLike | None = None,
          jobs: int | None = None, dask: str = "", shard: tuple[int, int] = (1, 1), stop_on_error: bool = False,
          retry_failed: bool = False, limit: float = 600.0, force: bool = False, quiet: bool = False,
          command: str = "") -> Sweep:
    """Run every point of a sweep file into a folder, by default outputs/<file's name>; finished runs are kept.

    On `jobs` processes, or on the dask cluster at an address; of `shard` (i, n) the i-th of n parts. A run that
    takes over `limit` seconds counts as stuck. Failed runs are said in a FailedRunsWarning; they are run again if
    `retry_failed`, and end the sweep if `stop_on_error`. The rest is as in `run`.

    >>> swept = sweep("scenarios/sweeps/peers-reach.toml", replicates=1, jobs=1, quiet=True)
    >>> swept.data["headquarters_in_zone"].dims
    ('scenario', 'reach', 'replicate')
    """
    from sim.experiments.sweep import sweep as sweeping
    from sim.experiments.sweep import sweep_file
    from sim.runs import limits, sweep_progress

    asked = sweep_file.read(os.fspath(file), _texts(settings), replicates)
    _warn(asked.notes, ScenarioNote)
    folder = Path(out) if out else sweeping.usual_folder(file, shard)
    job = sweeping.Job(asked, folder, jobs or limits.processors(), dask, tuple(shard), stop_on_error, retry_failed,
                       force, limit, command)
    sweep_progress.follow(sweeping.run(job), quiet)
    found = Sweep(folder, tuple(asked.notes))
    _warn([found.failure], FailedRunsWarning)
    return found


def _checked(scenario: PathLike, settings: Iterable[str], threads: int) -> Checked:
    from sim.model.preflight import validation
    from sim.scenario.load import load

    loaded = load(os.fspath(scenario), settings)
    region = validation.region_of(loaded, threads=threads)
    return Checked(loaded, region, (*loaded.warnings, *validation.warnings(loaded, region)),
                   tuple(validation.notes(loaded, region)))


def _texts(settings: Settings, replicates: int | None = None, seed: int | None = None) -> tuple[str, ...]:
    """The settings as the texts "key=value" of a command, replicates and seed last.

    >>> _texts({"time.end": "2035-12-31", "policies.tod.bonus": 0.2}, replicates=20)
    ('time.end=2035-12-31', 'policies.tod.bonus=0.2', 'run.replicates=20')
    """
    from sim.config.toml_file import format_value

    if isinstance(settings, Mapping):
        settings = [f"{key}={value if isinstance(value, str) else format_value(value)}"
                    for key, value in settings.items()]
    given = {"run.replicates": replicates, "run.seed": seed}
    return (*settings, *(f"{key}={value}" for key, value in given.items() if value is not None))


def _warn(texts: Iterable[Text], category: type[Warning] = ScenarioWarning) -> None:
    """Say texts as warnings of the line that called the public function, the first of many and how many more."""
    every = [text for text in texts if text]
    most = len(every) if len(every) <= MOST_LINES + 1 else MOST_LINES
    for text in every[:most]:
        warnings.warn(category(text), stacklevel=3)
    if len(every) > most:
        warnings.warn(category(_("and {count:,} more", count=len(every) - most)), stacklevel=3)


def _drawn(folder: Path, languages: Iterable[str], quiet: bool) -> tuple[Path, ...]:
    from sim.report import drawing

    return drawing.drawn(folder, tuple(languages), quiet) if languages else ()
