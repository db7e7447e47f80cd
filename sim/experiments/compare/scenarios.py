"""What is compared: scenario files and folders of finished runs, checked for being comparable."""

import dataclasses
import datetime
import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import policies
from sim.base import files as storage
from sim.base import provenance
from sim.base.calendar import label, quarter_of
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config.differences import flat
from sim.config.parameters import value_at
from sim.config.toml_file import dotted, format_value
from sim.experiments.compare import folder as comparison_folder
from sim.experiments.compare import naming
from sim.model.preflight import validation
from sim.region.load import Region
from sim.results import run_folder
from sim.runs import job as run_job
from sim.runs import manifest
from sim.scenario import load as scenario_files
from sim.scenario.load import Scenario

SAME = (("time", "start"), ("time", "end"), ("run", "seed"), ("run", "replicates"))
IDLE = ("title", "title_zh", "description", "description_zh")        # keys that change no result


@dataclass(frozen=True)
class ComparedScenario:
    """One scenario of a comparison, and where its run is or will be."""

    given: str                 # path that the user typed
    scenario: Scenario
    region: Region
    folder: Path
    finished: dict[str, Any] | None      # manifest of a finished run that was given, None for a scenario file

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def titles(self) -> tuple[str, str]:
        """(English, Chinese) title."""
        return self.scenario.titles

    @functools.cached_property
    def flat(self) -> dict[str, Any]:
        """Dotted key -> resolved value."""
        return flat(self.scenario.tables())

    @functools.cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What is probably not meant in the scenario."""
        return (*self.scenario.warnings, *validation.warnings(self.scenario, self.region))


@dataclass(frozen=True)
class Settings:
    """What holds for all cases: settings over the files, where runs lie and how they are made."""

    settings: tuple[str, ...] = ()       # "key=value" texts
    runs: Path = Path("outputs")
    jobs: int = 1
    command: str = ""


def scenarios_of(arguments: Iterable[str], settings: Settings) -> list[ComparedScenario]:
    """The scenarios of the arguments, in their order; InputError with every problem that sets them apart."""
    return _scenarios([naming.split(argument) for argument in arguments], settings)


def _scenarios(given, settings):
    """The scenarios of (name or "", path) in their order."""
    paths = [path for name, path in given]
    _refuse_twice(paths)
    found = []
    for path in paths:
        found.append(_case(path, settings, {case.scenario.values.region: case.region for case in found}))
    found = naming.named(found, [name for name, path in given])
    if problems := list(_incomparable(found)):
        raise InputError(problems)
    return found


def with_baseline(cases: list[ComparedScenario], wanted: str | None, settings: Settings) -> list[ComparedScenario]:
    """The scenarios with the baseline first: the one of a name or path, a further file, or the first."""
    if not wanted:
        return cases
    for case in cases:
        if wanted in (case.name, case.given) or os.path.realpath(wanted) == os.path.realpath(case.given):
            return [case, *(other for other in cases if other is not case)]
    further = naming.split(wanted)
    if os.path.exists(further[1]):
        return _scenarios([further, *((case.name, case.given) for case in cases)], settings)
    names = [case.name for case in cases]
    raise InputError(Problem("--baseline", "", _("there is no scenario {name!r}", name=wanted),
                             _("one of {names}", names=", ".join(names)), near_miss(wanted, names)))


def differences(case: ComparedScenario, baseline: ComparedScenario) -> list[tuple[str, Any, Any]]:
    """[(dotted key, value in the baseline, value here)] of the resolved values; None = not set there."""
    here, there = case.flat, baseline.flat
    keys = [key for key in sorted(here | there) if key not in IDLE and not key.endswith((".title", ".title_zh"))]
    return [(key, there.get(key), here.get(key)) for key in keys if here.get(key) != there.get(key)]


def differs_by_policies_alone(case: ComparedScenario, baseline: ComparedScenario) -> bool:
    """Whether a scenario is the baseline with other policies."""
    return all(key.startswith("policies.") for key, _, _ in differences(case, baseline))


def event(case: ComparedScenario, baseline: ComparedScenario) -> int | None:
    """Quarter since year 0 in which the case first can differ from the baseline, None if from the opening on.

    That is the first start or announcement of the policies that are not the same in both, or, where
    they differ by nothing but their ends, the first end.
    """
    if not differs_by_policies_alone(case, baseline):
        return None
    ours, theirs = (each.scenario.values.policies for each in (case, baseline))
    dates = [date for name in ours | theirs for date in _turns(ours.get(name), theirs.get(name))]
    return quarter_of(min(dates)) if dates else None


def own_policies(case: ComparedScenario, baseline: ComparedScenario) -> list[str]:
    """Names of the policies that the baseline does not have, or not so."""
    there = baseline.scenario.values.policies
    return [name for name, policy in case.scenario.values.policies.items()
            if name not in there or _changed(policy, there[name])]


def pays(case: ComparedScenario, name: str) -> bool:
    """Whether a policy of a scenario gives money or relief to enterprises."""
    return policies.gives_money(case.scenario.instruments[name])


def _turns(one, other):
    """Dates at which two policies of a name begin to differ; None stands for no policy."""
    if one is None or other is None:
        keys, both = ("start", "announced"), [one or other]
    else:
        changed, both = _changed(one, other), [one, other]
        keys = ("end",) if changed == {"end"} else ("start", "announced") if changed else ()
    dates = [getattr(policy, key) for policy in both for key in keys]
    return [date for date in dates if isinstance(date, datetime.date)]


def _changed(one, other):
    """Names of the keys that differ, titles apart; of different instruments, all."""
    if type(one) is not type(other):
        return {"instrument"}
    return {key for key in type(one).model_fields if key not in IDLE and getattr(one, key) != getattr(other, key)}


def _refuse_twice(arguments):
    seen = {}
    for argument in arguments:
        if os.path.realpath(argument) in seen:
            raise InputError(Problem(argument, "", _("this scenario is named twice"), _("every scenario once")))
        seen[os.path.realpath(argument)] = argument
    if len(arguments) < 2:
        raise InputError(Problem("", "scenarios", _("only one scenario is given") if arguments
                                 else _("there is nothing to compare"), _("two or more"), _("name another file")))


def _case(argument, settings, regions):
    """The ComparedScenario of an argument; regions by name are those that are loaded already."""
    if os.path.isdir(argument):
        return _finished(Path(argument), settings, regions)
    loaded = scenario_files.load(argument, settings.settings)
    region = validation.region_of(loaded, regions.get(loaded.values.region), sharing=True)
    return ComparedScenario(argument, loaded, region, settings.runs / loaded.name, None)


def _finished(folder, settings, regions):
    """The case of a folder with a finished run, whose files are as they were written."""
    storage.check_folder(folder)
    other = comparison_folder.manifest_of(folder) or run_folder.is_of_something_else(folder)
    said = None if other else storage.read_manifest(folder)
    if not said or said["status"] != "complete":
        raise InputError(Problem(str(folder), "", _("there is no finished run in this folder"),
                                 _("a scenario file, or the folder of a finished run")))
    if settings.settings:
        raise InputError(Problem(str(folder), "", _("{setting} cannot change a finished run",
                                                    setting=settings.settings[0]), "",
                                 _("name the scenario's file instead")))
    run_folder.verified(folder, said, "results.nc")
    loaded = manifest.scenario_of(folder, said)
    region = validation.region_of(loaded, regions.get(loaded.values.region), threads=0)
    if region.digest != said["region_digest"]:
        raise InputError(Problem(str(folder), "region", _("the region's files have changed since this run"), "",
                                 _("run it again: {command}",
                                   command=said["command"] or f"sim run {said['files'][0]}")))
    return ComparedScenario(str(folder), loaded, region, folder, said)


def _incomparable(cases):
    """Problems of cases whose members cannot be paired: common draws need all of this to be the same."""
    first = cases[0]
    for case in cases[1:]:
        if case.region.digest != first.region.digest:
            yield _differs(case, first, ("region",), case.region.name, first.region.name)
        for path in SAME:
            here, there = (value_at(each.scenario.values, path) for each in (case, first))
            if _as_time(path, here) != _as_time(path, there):
                yield _differs(case, first, path, format_value(here), format_value(there))
    yield from _versions(cases)


def _as_time(path, value):
    """Days of one quarter are the same horizon."""
    return label(quarter_of(value)) if path[0] == "time" else value


def _differs(case, first, path, here, there):
    found = case.scenario.problem(
        path, _("it is {here} in {case}, {there} in {first}", here=here, case=case.name, there=there, first=first.name),
        _("the same in all scenarios compared"),
        _("set {key} alike, or with --set {key}=...", key=dotted(path)))
    return found if case.finished is None else dataclasses.replace(found, where=case.given)


def _versions(cases):
    """A finished run pairs only with runs of the program and libraries that made it."""
    for case in cases:
        changed = provenance.changed(case.finished["versions"]) if case.finished else []
        if changed:
            wrong = _("this run was made with another version of {names}", names=", ".join(changed))
            yield Problem(case.given, "", wrong,
                          _("runs of one program"), _("name the scenario's file, so that it is run again"))


def job_of(case: ComparedScenario, settings: Settings) -> run_job.Job:
    """The job that makes a case's run, in its folder."""
    return run_job.Job(case.scenario, case.region, case.folder, settings.jobs, warnings=case.warnings,
                       command=settings.command)
