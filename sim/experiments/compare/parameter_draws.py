"""The draws of parameters as a sweep: every draw is a point, with the runs of all scenarios compared.

Decision 35 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiments.compare.uncertainty import KEPT, priors
from sim.experiments.sweep import load, sweep
from sim.experiments.sweep.axes import Axis, column
from sim.experiments.sweep.sections import SweepFile
from sim.experiments.sweep.sweep_file import Experiment, Sweep, SweptScenario
from sim.runs.rows import FAILED, in_both
from sim.scenario import parameter_paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.experiments.compare.compare import Comparison

NAME, FOLDER = "draws", "uncertainty"
TEXT = "# the draws of the parameters of a comparison; sim compare writes and reads them\n"
COLUMNS = {measure: f"{measure}_in_zone" for measure in KEPT}


def job(comparison: Comparison) -> sweep.Job:
    """The sweep of a comparison's draws; equal draws of equal scenarios are never run twice."""
    return sweep.Job(Sweep(NAME, TEXT, SweepFile(), (_experiment(comparison),)), comparison.folder / FOLDER,
                     comparison.settings.jobs, force=comparison.force, command=comparison.settings.command)


def effects_of(comparison: Comparison) -> tuple[dict[str, Any], list[dict[str, float]], list[dict[str, object]]]:
    """(measure -> scenario -> (draw, replicate) effects, values of the draws, failures) of the finished sweep.

    A draw with which a scenario cannot be run is left out for all of them.
    """
    rows = load.frame(comparison.folder / FOLDER, NAME, [*load.FIXED, *COLUMNS.values()])
    failed = rows[rows["status"] == FAILED].drop_duplicates("point")
    good = rows[~rows["point"].isin(failed["point"])]
    effects = {measure: _less_baseline(good, name, comparison) for measure, name in COLUMNS.items()}
    failures = [{"draw": int(row.point),  # type: ignore[arg-type]  # a number, by the table's columns
                 "why": f"{row.scenario}: {row.reason}",
                 "why_zh": f"{row.scenario}：{row.reason_zh}"} for row in in_both(failed).itertuples()]
    return effects, [comparison.sample[draw] for draw in pd.unique(good["point"])], failures


def half_lives(comparison: Comparison) -> NDArray[np.float64]:
    """(draw,) half-life of the baseline's slowest mode at the end, years, of those draws in which it was measured."""
    rows = load.frame(comparison.folder / FOLDER, NAME, [*load.FIXED, "half_life"])
    rows = rows[(rows["scenario"] == comparison.cases[0].name) & rows["half_life"].notna()]
    return rows.groupby("point")["half_life"].mean().to_numpy()


def _less_baseline(rows, name, comparison):
    """Scenario -> (draw, replicate) of a column, less the baseline's."""
    by_scenario = {label: each.pivot(index="point", columns="replicate", values=name).to_numpy()
                   for label, each in rows.groupby("scenario")}
    baseline, *others = [case.name for case in comparison.cases]
    return {other: by_scenario[other] - by_scenario[baseline] for other in others} if by_scenario else {}


def _experiment(comparison):
    values = comparison.cases[0].scenario.values
    axes = tuple(_axis(comparison.cases[0].scenario, *prior) for prior in priors(values))
    scenarios = tuple(SweptScenario(case.name, case.scenario, case.region,
                                    (True,) * len(axes)) for case in comparison.cases)
    columns = {axis.name: column(axis.kind, [drawn[axis.name] for drawn in comparison.sample]) for axis in axes}
    return Experiment(NAME, scenarios, axes, SweepFile(design="list"), comparison.per_draw, columns, comparison.draws)


def _axis(scenario, key, low, high, whole):
    path, kind = tuple(key.split(".")), "int" if whole else "float"
    return Axis(key, (key,), (path,), kind, low=low, high=high, meant=(parameter_paths.target(scenario, path),))
