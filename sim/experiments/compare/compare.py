"""A comparison from its arguments to its folder."""

import contextlib
import functools
import os
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.base import files as storage
from sim.base.errors import Problem
from sim.base.json_values import plain
from sim.base.messages import _, with_chinese
from sim.experiments.compare import (
    direct_effects,
    leave_one_out,
    missing_runs,
    parameter_draws,
    summary,
    tables,
    uncertainty,
    value_of_information,
    variants,
)
from sim.experiments.compare import folder as comparison_folder
from sim.experiments.compare import scenarios as compared_scenarios
from sim.experiments.compare.effects import Effects
from sim.experiments.compare.run_levels import levels_of, pairs_of
from sim.experiments.compare.study import Study
from sim.experiments.sweep import sweep
from sim.results.summary import csv_of
from sim.runs import progress

LONGEST_NAME = 80
KEPT = ("ranking", "pairwise", "reversals", "per_unit")       # tables that comparison.json has too


@dataclass(frozen=True)
class Comparison:
    """What to compare, where to, and with which options; the baseline is the first case."""

    cases: tuple[compared_scenarios.ComparedScenario, ...]
    folder: Path
    settings: compared_scenarios.Settings
    precision: float = 0.5     # wanted half width of the 95 % interval, headquarters
    outside_shares: tuple[float, ...] = ()  # base-year outside shares over which leakage is shown
    draws: int = 0             # draws of parameters; 0 = no parameter uncertainty
    per_draw: int = 4          # replicates of a draw
    leave_out: str = ""        # policies that are left out one at a time: "paying", "all" or none
    force: bool = False

    @property
    def key(self) -> str:
        options = {name: getattr(self, name) for name in ("precision", "outside_shares", "draws", "per_draw",
                                                          "leave_out")}
        return comparison_folder.key_of(self.cases, options)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is probably not meant in the scenarios, of which runs may have to be made."""
        return tuple(dict.fromkeys(each for case in self.cases if not case.finished for each in case.warnings))

    @functools.cached_property
    def variants(self) -> list[tuple[compared_scenarios.ComparedScenario, ...]]:
        """The scenarios of each further outside share."""
        return variants.over_outside_share(self.cases, self.settings, self.outside_shares, self.folder)

    @functools.cached_property
    def left(self) -> dict[str, leave_one_out.LeftOut]:
        """Scenario -> LeftOut."""
        return leave_one_out.left_out(self.cases, self.settings, self.folder, self.leave_out)

    @functools.cached_property
    def sample(self) -> list[dict[str, float]]:
        """Values by key of each draw of the parameters."""
        return uncertainty.drawn(self.cases, self.draws, self.per_draw)


class Analysed(NamedTuple):
    """What is found of finished runs: pages, files and the screen show these numbers."""

    effects: Effects
    tables: dict[str, pd.DataFrame]
    csv: dict[str, bytes]      # of the tables
    content: dict[str, Any]    # of comparison.json


def prepared(arguments: Iterable[str], baseline: str | None, settings: compared_scenarios.Settings,
             out: str | os.PathLike[str] | None = None, **options: Any) -> Comparison:
    """The Comparison of arguments as typed; InputError for whatever cannot be compared."""
    cases = compared_scenarios.with_baseline(compared_scenarios.scenarios_of(arguments, settings), baseline, settings)
    name = f"compare-{'-'.join(case.name for case in cases)}"[:LONGEST_NAME]
    folder = Path(out) if out else settings.runs / name
    cases = tuple(missing_runs.placed(case, settings, folder) for case in cases)
    return Comparison(cases, folder, settings, **options)


def compare(comparison: Comparison) -> Generator[tuple[int, int], None, Analysed]:
    """Generator of (members done, members in all); when it ends, the folder is complete; returns what is in it."""
    folder = storage.open_folder(comparison.folder)
    with storage.lock(folder):
        if not comparison.force:
            comparison_folder.refuse_another(folder, comparison.key)
        ready = yield from _runs(comparison)
        found = _analysed(comparison, ready)
        about = comparison_folder.about(comparison.cases, comparison.key, comparison.settings.command)
        comparison_folder.write(folder, found, about)
        return found


def failure(folder: Path, content: Mapping[str, Any]) -> str:
    """Which draws of the parameters have no result, by comparison.json; "" if all have one."""
    drawn = content.get("uncertainty", {"failed": ()})
    if not drawn["failed"]:
        return ""
    first = drawn["failed"][0]
    return _("{folder}: {failed} of {draws} draws of parameters have no result; the first: {why}", folder=folder,
             failed=len(drawn["failed"]), draws=drawn["draws"] + len(drawn["failed"]),
             why=with_chinese(first["why"], first.get("why_zh", "")))


def _runs(comparison):
    """All that is to be simulated, with one count of progress; returns what was read of new runs, by folder."""
    folder = comparison.folder
    cases = [*comparison.cases, *(case for each in comparison.variants for case in each),
             *(case for each in comparison.left.values() for case in each.cases.values())]
    read = leave_one_out.reader(comparison.left, Study(comparison.cases).turns)
    done = missing_runs.number(cases)
    drawn = len(comparison.sample) * len(comparison.cases) * comparison.per_draw
    ready = yield from progress.plus(drawn, missing_runs.made(
        cases, comparison.settings, read, folder if comparison.force else None))
    if comparison.draws:
        with contextlib.closing(sweep.run(parameter_draws.job(comparison))) as steps:
            for state in steps:
                yield done + state.done, done + drawn
    return ready


def _analysed(comparison, ready):
    """Analysed of finished runs; ready: Levels read so far."""
    study, levels = Study(comparison.cases), _levels(comparison.cases, ready)
    pairs = pairs_of(levels)
    effects, left = Effects.of(pairs), leave_one_out.Found(comparison.left, ready)
    others = [(cases, _levels(cases, ready)) for cases in comparison.variants]
    found, csv = tables.tables(study, levels, others, left, effects, comparison.settings.jobs)
    content = {"schema": comparison_folder.SCHEMA, "kind": comparison_folder.KIND, "baseline": study.baseline.name,
               **summary.common(levels[study.baseline.name]), "warnings": summary.warnings(found),
               "scenarios": summary.scenarios(study, direct_effects.zones(found["assumed"])),
               "headline": effects.headline, "leakage": summary.leaks(found["leakage"]),
               **{name: comparison_folder.records(found[name]) for name in KEPT},
               "proportion": direct_effects.proportion(found["per_unit"]),
               "sample_size": summary.advice(effects.ends, comparison.precision),
               "omitted": [*summary.omitted(pairs, found), *left.omitted(study)]}
    if "leave_one_out" in found:
        content["leave_one_out"] = summary.left_out(found["leave_one_out"])
    if comparison.draws:
        more, content["uncertainty"] = _uncertain(comparison)
        found |= more
        csv |= {name: csv_of(table) for name, table in more.items()}
    content["tables"] = {name: f"{name}.csv" for name in found}
    return Analysed(effects, found, csv, plain(content))


def _levels(cases, ready):
    """Scenario -> Levels, kept at every quarter that a table asks for."""
    return {case.name: ready.get(case.folder) or levels_of(case.folder, Study(cases).turns) for case in cases}


def _uncertain(comparison):
    """Tables by name of the draws of parameters, and what comparison.json says of them."""
    by_measure, values, failed = parameter_draws.effects_of(comparison)
    first = comparison.cases[0]
    table, priors = uncertainty.table(by_measure if values else {}), uncertainty.priors(first.scenario.values)
    information = value_of_information.table(by_measure, values, priors, first.name, first.scenario.values.run.seed)
    said = {"draws": len(values), "replicates": comparison.per_draw, "failed": failed,
            "priors": [dict(zip(("key", "low", "high", "integer"), prior)) for prior in priors],
            "effects": comparison_folder.records(table),
            "half_life": uncertainty.spread(parameter_draws.half_lives(comparison)),
            "turns": uncertainty.turns(by_measure["headquarters"]) if values else [],
            "information": value_of_information.told(information)}
    return {"uncertainty": table, "draws": tables.draws(values, by_measure),
            "value_of_information": information}, said
