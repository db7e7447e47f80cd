"""The public calls. Each is a few lines over the packages that do the work, which it imports when it is made."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base import collector
from sim.base.errors import FailedRunsWarning, ScenarioNote
from sim.front_door import arguments
from sim.front_door.answers import Checked, Comparison, Run, Sweep
from sim.front_door.arguments import PathLike, Settings

if TYPE_CHECKING:
    from sim.report.explorer.server import Server

DRAWING = ("sim.plots.run.save", "sim.report.run_page")      # modules that draw a run


def check(scenario: PathLike, *, settings: Settings = ()) -> Checked:
    """Check a scenario file and its region without running it.

    `settings` are values over the file's: {"time.end": "2035-12-31"}, or texts "time.end=2035-12-31". What is
    probably not meant is said as a ScenarioWarning; InputError names every mistake at once.

    >>> check("scenarios/tod.toml").scenario.values.policies["tod"].start
    datetime.date(2026, 1, 1)
    """
    with collector.resting():
        from sim.model.preflight.memory_of_run import THREADS

        found = _checked(scenario, arguments.texts(settings), THREADS)
    arguments.warn(found.warnings)
    return found


def run(scenario: PathLike, *, settings: Settings = (), replicates: int | None = None, seed: int | None = None,
        out: PathLike | None = None, jobs: int | None = None, force: bool = False, languages: str | Iterable[str] = (),
        quiet: bool = False, command: str = "") -> Run:
    """Simulate a scenario file into a folder, by default outputs/<scenario>; finished members are kept.

    `jobs` are processors to use, by default all; `force` replaces what is in the folder; figures and pages
    are drawn in `languages` ("en", "zh"); `command` is kept in the records. A progress bar is shown unless `quiet`.
    Raises InputError for bad input and the other errors of `sim.base.errors`.

    >>> done = run("scenarios/baseline.toml", replicates=2, settings={"population.candidates": 2000,
    ...            "time.end": "2025-12-31"}, quiet=True)
    >>> done.folder.as_posix(), dict(done.data["rent"].sizes)["member"]
    ('outputs/baseline', 2)
    """
    from sim.runs import lead as leading

    languages = arguments.known(languages)
    threads = arguments.workers(jobs)
    with leading.begun(threads) as lead:
        with collector.resting():
            from sim.runs import progress
            from sim.runs import run as runs
            from sim.runs.job import Job

            checked = _checked(scenario, arguments.texts(settings, replicates, seed), threads)
        arguments.warn(checked.warnings)
        folder = Path(out or Path("outputs") / checked.scenario.name)
        processor = lead.processor() if lead else {}
        if not processor:                        # so that the collector passes over what is imported then
            runs.import_model()
        job = Job(checked.scenario, checked.region, folder, threads, force, warnings=checked.warnings, command=command,
                  processor=processor)
        steps = runs.run(job, DRAWING if languages else (), lead if processor else None)
        progress.follow(steps, quiet, compiles=not processor)
    return Run(folder, checked.warnings, _drawn(folder, languages, threads, quiet))


def compare(*scenarios: PathLike, baseline: str | None = None, settings: Settings = (),
            replicates: int | None = None, seed: int | None = None, out: PathLike | None = None,
            jobs: int | None = None, precision: float = 0.5, outside_shares: Iterable[float] = (),
            leave_out: str = "", draws: int = 0, per_draw: int = 4, force: bool = False,
            languages: str | Iterable[str] = (), quiet: bool = False, command: str = "") -> Comparison:
    """Compare scenarios that share every draw, replicate by replicate, in a folder.

    `scenarios` are scenario files or folders of finished runs, NAME=FILE names one; the first is the baseline,
    unless one is named. Runs that are missing are made in outputs/, by `jobs` processes. `precision` is the wanted
    half width of the 95 % interval of an effect, for advice on replicates; leakage is shown over `outside_shares`
    as well; `leave_out` "paying" or "all" runs every scenario without each of its policies in turn; parameters are
    drawn `draws` times from their ranges, with `per_draw` replicates of each. The rest is as in `run`.

    >>> found = compare("scenarios/baseline.toml", "scenarios/shanghai-ftz.toml", replicates=2, settings={
    ...                 "population.candidates": 2000, "time.end": "2027-12-31"}, jobs=1, quiet=True)
    >>> found.effects["headquarters"].sel(scenario="shanghai-ftz", group="zone").dims
    ('member', 'quarter')
    """
    with collector.resting():
        from sim.experiments.compare import compare as comparing
        from sim.experiments.compare.scenarios import Settings as Common
        from sim.runs import progress

        languages = arguments.known(languages)
        arguments.refuse(precision=precision > 0, draws=draws != 1 and draws >= 0, per_draw=per_draw > 1)
        common = Common(arguments.texts(settings, replicates, seed), Path("outputs"), arguments.workers(jobs), command)
        asked = comparing.prepared([os.fspath(each) for each in scenarios], baseline, common, out, precision=precision,
                                   outside_shares=tuple(outside_shares), leave_out=leave_out, draws=draws,
                                   per_draw=per_draw, force=force)
    arguments.warn(asked.warnings)
    analysed = progress.follow(comparing.compare(asked), quiet)
    found = Comparison(asked.folder, asked.warnings, _drawn(asked.folder, languages, common.jobs, quiet), analysed)
    arguments.warn([found.failure], FailedRunsWarning)
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
    with collector.resting():
        from sim.experiments.sweep import sweep as sweeping
        from sim.experiments.sweep import sweep_file
        from sim.runs import sweep_progress

        arguments.refuse(shard=1 <= shard[0] <= shard[1], limit=limit >= 1,
                         replicates=replicates is None or replicates > 0)
        asked = sweep_file.read(os.fspath(file), arguments.texts(settings), replicates)
    arguments.warn(asked.notes, ScenarioNote)
    folder = Path(out) if out else sweeping.usual_folder(file, shard)
    job = sweeping.Job(asked, folder, arguments.workers(jobs), dask,
                       tuple(shard),  # type: ignore[arg-type]  # a pair, or a list of two
                       stop_on_error, retry_failed, force, limit, command)
    sweep_progress.follow(sweeping.run(job), quiet)
    found = Sweep(folder, tuple(asked.notes))
    arguments.warn([found.failure], FailedRunsWarning)
    return found


def explored(*scenarios: PathLike, save: PathLike, controls: Iterable[str] = (), settings: Settings = (),
             replicates: int | None = None, jobs: int | None = None, lang: str = "en", quiet: bool = False) -> Path:
    """Save the explorer of a scenario as one page, over a grid of at most five controls; its path.

    One scenario is shown beside the first file that it extends; of two the first is the baseline. A sweep file with a
    grid is a design of its own; of the folder of a comparison all scenarios can be chosen. `controls` are texts
    "KEY=VALUE,VALUE"; without any, strengths and dates of one or two policies, or a switch for each of more.

    >>> explored("scenarios/tod.toml", save="tod.html", controls=["policies.tod.bonus=0.0,0.2"], replicates=2, jobs=1,
    ...          settings={"population.candidates": 2000, "time.end": "2027-12-31"}, quiet=True).as_posix()
    'tod.html'
    """
    from sim.experiments.explorer import opening
    from sim.report.explorer import saving
    from sim.runs import progress

    arguments.known(lang)
    if len(scenarios) == 1 and os.path.isdir(scenarios[0]):
        return Comparison(Path(scenarios[0])).explore(lang).save(Path(save))
    asked = opening.asked([os.fspath(each) for each in scenarios], arguments.texts(settings), tuple(controls))
    steps = saving.save(asked, Path(save), lang, replicates, arguments.workers(jobs))
    return progress.follow(steps, quiet)


@contextlib.contextmanager
def explore(*scenarios: PathLike, controls: Iterable[str] = (), settings: Settings = (), replicates: int | None = None,
            jobs: int | None = None, lang: str = "en", port: int = 0, quiet: bool = False) -> Iterator[Server]:
    """Serve the explorer to a browser on this machine while inside; `address` of what it gives is to be opened.

    `controls` are dotted keys that are turned besides policies and the strongest assumptions. The rest is as in
    `explored`.
    """
    from sim.experiments.explorer import opening
    from sim.report.explorer import serving
    from sim.runs import progress

    arguments.known(lang)
    asked = opening.asked([os.fspath(each) for each in scenarios], arguments.texts(settings), tuple(controls))
    progress.compile_kernels(quiet)
    with serving.serving(asked, lang, replicates, arguments.workers(jobs), port) as server:
        yield server


def _checked(scenario: PathLike, settings: tuple[str, ...], threads: int) -> Checked:
    from sim.model.preflight import validation
    from sim.scenario.load import load

    loaded = load(os.fspath(scenario), settings)
    region = validation.region_of(loaded, threads=threads)
    return Checked(loaded, region, (*loaded.warnings, *validation.warnings(loaded, region)),
                   tuple(validation.notes(loaded, region)))


def _drawn(folder: Path, languages: tuple[str, ...], processes: int, quiet: bool) -> tuple[Path, ...]:
    if not languages:
        return ()
    with collector.asked():
        from sim.report import drawing

        return drawing.drawn(folder, languages, processes, quiet)
