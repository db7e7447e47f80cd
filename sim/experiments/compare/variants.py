"""The same scenarios with other values of one parameter: how a finding changes with an assumption."""

import dataclasses
import os

from sim.experiments.compare.scenarios import Case
from sim.model.preflight import validation
from sim.scenario import load as scenario_files

OUTSIDE_SHARE = "entry.outside_share"


def variant(case, settings, values, folder=None):
    """The Case of a scenario with further "key=value" settings, not yet run, that will be run in a folder."""
    path = case.given if os.path.isfile(case.given) else str(case.folder / "resolved.toml")
    loaded = scenario_files.load(path, (*settings.settings, *values))
    loaded = dataclasses.replace(loaded, path=os.path.join(os.path.dirname(path), f"{case.name}.toml"))
    return Case(case.given, loaded, validation.region_of(loaded, case.region), folder, None)


def table_of(case, policy):
    """Key path of a policy's table, as `variant` finds it."""
    return case.scenario.tables_of[policy] if os.path.isfile(case.given) else ("policies", policy)


def over_outside_share(cases, settings, shares, folder):
    """[cases of one share] for every share but the one that the cases have; their runs lie in `folder`."""
    return [tuple(_with_share(case, settings, share, folder) for case in cases)
            for share in dict.fromkeys(shares) if any(_share_of(case) != share for case in cases)]


def _with_share(case, settings, share, folder):
    setting = f"{OUTSIDE_SHARE}={share!r}"
    found = variant(case, settings, [setting])
    return dataclasses.replace(found, folder=folder / "variants" / setting / case.name)


def _share_of(case):
    return case.scenario.values.entry.outside_share
