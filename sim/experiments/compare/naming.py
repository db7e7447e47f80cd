"""What the scenarios of a comparison are called: as the user says, else after their files or folders.

Runs are filed by name and tables say names, so that no two may be equal: `NAME=FILE` and `NAME=FOLDER` give one,
and names that clash are taken from the folder, with as many of the folders above it as tell them apart.
"""

from __future__ import annotations

import collections
import dataclasses
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.errors import InputError, Problem
from sim.base.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.compare.scenarios import ComparedScenario

NAME = re.compile(r"[^\W_][\w .+-]{0,79}")       # also the name of a folder
MOST_FOLDERS = 3               # that a name is made of


def split(argument: str) -> tuple[str, str]:
    """(name or "", path) of an argument; a path that is there is a path, whatever it is called."""
    name, sign, path = argument.partition("=")
    if not sign or os.path.lexists(argument) or "/" in name:
        return "", argument
    if not NAME.fullmatch(name) or not path:
        raise InputError(Problem(
            argument, "", _("{name!r} cannot name a scenario", name=name) if path else _("there is no file after ="),
            _("NAME=FILE or NAME=FOLDER, with a name of at most 80 letters and digits")))
    return name, path


def named(cases: Sequence[ComparedScenario], wanted: Sequence[str]) -> list[ComparedScenario]:
    """The cases, each with a name of its own; wanted: the name that was given to each, or ""."""
    choices = [[name] if name else _choices(case) for case, name in zip(cases, wanted)]
    names = [each.pop(0) for each in choices]
    while True:
        number = collections.Counter(names)
        more = [k for k, name in enumerate(names) if number[name] > 1 and choices[k]]
        if not more:
            break
        for k in more:
            names[k] = choices[k].pop(0)
    _refuse_equal(cases, names)
    return [_called(case, name) for case, name in zip(cases, names)]


def _choices(case):
    """Names of a case without one that was given, the best first."""
    path = Path(os.path.abspath(case.given))
    own = path.name if case.finished else case.name
    above = [part for part in path.parent.parts[::-1] if NAME.fullmatch(part)][:MOST_FOLDERS - 1]
    return [case.name, own, *("-".join([*above[:k][::-1], own]) for k in range(1, len(above) + 1))]


def _called(case, name):
    """The case with a name, which is that of its scenario's file."""
    path = os.path.join(os.path.dirname(case.scenario.path), f"{name}.toml")
    renamed = case if name == case.name else dataclasses.replace(
        case, scenario=dataclasses.replace(case.scenario, path=path))
    return renamed if case.finished else dataclasses.replace(renamed, folder=case.folder.parent / name)


def _refuse_equal(cases, names):
    first, problems = {}, []
    for case, name in zip(cases, names):
        if name in first:
            problems.append(Problem(case.given, "", _("{other} is called {name!r} too", other=first[name], name=name),
                                    "",
                                    _("give one of them a name: other={path}", path=case.given)))
        first.setdefault(name, case.given)
    if problems:
        raise InputError(problems)
