"""The public calls that meet data: estimation, back-tests, targets."""

import datetime
import os
import warnings
from collections.abc import Iterable
from pathlib import Path

from sim.base.errors import FailedRunsWarning, ScenarioNote
from sim.front_door import arguments
from sim.front_door.answers import Backtest, Estimation, Targets
from sim.front_door.arguments import PathLike, Settings


def estimate(firms: PathLike, *, spec: PathLike, out: PathLike | None = None, languages: str | Iterable[str] = (),
             force: bool = False, quiet: bool = False, command: str = "") -> Estimation:
    """Estimate the choice of places from a list of firms, into a folder, by default outputs/<list>-estimate.

    A folder that holds another result is refused, unless `force` replaces it.

    `firms` is CSV or XLSX, a list of firms or a table of choices of any kind, long or wide; `spec` says what stands in
    which column, which places there are, and what is estimated (docs/estimation.md). Pages are written in `languages`.
    InputError names what is wrong with the list, the spec or its tables, or keeps coefficients from being decided.

    >>> found = estimate("scenarios/estimation/us-headquarters.csv.gz",
    ...                  spec="scenarios/estimation/us-headquarters.toml", quiet=True)
    >>> found.coefficients.query("choice == 'moves' and model == 'none' and name == 'distance'")["value"].lt(0).all()
    np.True_
    """
    from sim.experiments.estimation import estimate as estimating
    from sim.experiments.estimation import folder as folders
    from sim.runs import output_folder, progress

    languages = arguments.known(languages)
    given, steps, compiles = estimating.steps(os.fspath(firms), os.fspath(spec))
    asked = folders.request(given)
    place = out or Path("outputs") / f"{Path(firms).name.partition('.')[0]}-estimate"
    with output_folder.claimed(place, asked, force) as folder:
        found = progress.follow(steps, quiet, progress.STEPS, compiles)
        content = folders.write(folder, found, asked, command)
        pages = ()
        if languages:
            from sim.report import estimation_page

            pages = estimation_page.write(folder, content, languages)
    return Estimation(folder, pages)


def targets(scenario: PathLike = "scenarios/baseline.toml", *, settings: Settings = (), replicates: int = 100,
            draws: int = 0, out: PathLike | None = None, jobs: int | None = None, lang: str = "en",
            force: bool = False, quiet: bool = False) -> Targets:
    """Compare runs with their targets, with patterns observed elsewhere and with series that are no inputs.

    Tables go into a folder, by default outputs/<scenario>-targets, the page of them in `lang`. `draws` of the
    parameters from their ranges add how often places run away among them. A folder that holds another result is
    refused, unless `force` replaces it. The rest is as in `run`.

    >>> found = targets(replicates=2, settings={"population.candidates": 2000, "time.end": "2025-12-31"}, quiet=True)
    >>> float(found.targets.set_index("name").loc["spin-offs among entrants", "target"])
    0.25
    """
    from sim.experiments.empirical import targets as empirical
    from sim.model.preflight import validation
    from sim.runs import output_folder, progress
    from sim.scenario.load import load

    arguments.known(lang)
    arguments.refuse(replicates=replicates > 1, draws=draws >= 0)
    loaded = load(os.fspath(scenario), arguments.texts(settings))
    region = validation.region_of(loaded)
    asked = empirical.request(region, loaded, replicates, draws)
    with output_folder.claimed(out or Path("outputs") / f"{loaded.name}-targets", asked, force) as folder:
        with validation.located(loaded):
            found = progress.follow(empirical.tables(region, loaded, replicates, arguments.workers(jobs), draws), quiet)
        empirical.write(folder, found, asked, empirical.markdown(found, loaded, replicates, lang))
    return Targets(folder, *found)


def backtest(scenario: PathLike, series: PathLike | None = None, *, settings: Settings = (),
             fit_to: Iterable[datetime.date] = (), choices: PathLike | Iterable[PathLike] = (), horizon: float = 6.0,
             draws: int = 64, per_draw: int = 4, variants: bool = True, out: PathLike | None = None,
             jobs: int | None = None, force: bool = False, languages: str | Iterable[str] = (), quiet: bool = False,
             command: str = "") -> Backtest:
    """Forecast observed series from what was known at a date, and score the forecast beside simple rivals.

    `series` is a CSV file (docs/backtest.md), by default that of the scenario's region. Observations to each day of
    `fit_to` may be used, by default to two years before the last one; `horizon` is in years. `choices` are files of
    arrivals and moves that are scored one by one. The forecast is of
    `draws` draws of the parameters with `per_draw` replicates each, `variants` adds the scenario without peers and
    without policies as rivals. It is written before anything is scored, into a folder, by default
    outputs/<scenario>-backtest; what is finished is kept. A folder that holds another result is refused, unless `force`
    replaces it. Draws without a result are left out, and said in a
    FailedRunsWarning. The rest is as in `run`.

    >>> found = backtest("scenarios/baseline.toml", settings={"population.candidates": 1500}, draws=2, per_draw=2,
    ...                  variants=False, jobs=1, quiet=True)
    >>> "model" in found.summary["forecaster"].values
    True
    """
    from sim.experiments.backtest import backtest as scoring
    from sim.model.preflight import validation
    from sim.runs import progress
    from sim.scenario.load import load

    languages = arguments.known(languages)
    arguments.refuse(horizon=0.25 <= horizon <= 50, draws=draws > 1, per_draw=per_draw > 0)
    loaded = load(os.fspath(scenario), arguments.texts(settings))
    asked = scoring.Asked(os.fspath(series) if series else None, tuple(fit_to), horizon, draws, per_draw, variants,
                          os.fspath(out) if out else None, arguments.workers(jobs), command,
                          tuple(os.fspath(each) for each in (
                              [choices] if isinstance(choices, (str, os.PathLike)) else choices)))
    plan = scoring.prepared(loaded, asked)
    for note in plan.notes() if series or choices else ():      # those of a region's own series are in left_out
        warnings.warn(ScenarioNote(note), stacklevel=2)
    with validation.located(loaded):
        progress.follow(scoring.backtest(plan, force), quiet, progress.DRAWS)
    pages: tuple[Path, ...] = ()
    if languages:
        from sim.report import backtest_page

        pages = tuple(backtest_page.write(plan.folder, languages))
    found = Backtest(plan.folder, tuple(plan.left), pages)
    arguments.warn([found.failure], FailedRunsWarning)
    return found
