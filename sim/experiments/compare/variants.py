"""The same scenarios with other values of one parameter: how a finding changes with an assumption."""

import dataclasses
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config.toml_positions import Key
from sim.experiments.compare.scenarios import ComparedScenario, Settings
from sim.model.preflight import validation
from sim.scenario import load as scenario_files
from sim.scenario.sections.demography import entering_share, potential_rate

OUTSIDE_SHARE = "entry.outside_share"


def variant(case: ComparedScenario, settings: Settings, values: Iterable[str],
            folder: Path | None = None) -> ComparedScenario:
    """The ComparedScenario of a scenario with further "key=value" settings, not yet run, to be run in `folder`."""
    path = case.given if os.path.isfile(case.given) else str(case.folder / "resolved.toml")
    loaded = scenario_files.load(path, (*settings.settings, *values))
    loaded = dataclasses.replace(loaded, path=os.path.join(os.path.dirname(path), f"{case.name}.toml"))
    return ComparedScenario(case.given, loaded, validation.region_of(loaded, case.region),
                            folder, None)  # type: ignore[arg-type]  # without one it is only looked at


def table_of(case: ComparedScenario, policy: str) -> Key:
    """Key path of a policy's table, as `variant` finds it."""
    return case.scenario.tables_of[policy] if os.path.isfile(case.given) else ("policies", policy)


def over_outside_share(cases: Sequence[ComparedScenario], settings: Settings, shares: Iterable[float],
                       folder: Path) -> list[tuple[ComparedScenario, ...]]:
    """[cases of one share] for every share but the one that the cases have; their runs lie in `folder`.

    Entries are held: `entry.rate` counts those who enter in the base year, as many as in the case itself, so
    that a share changes from whom the zone wins and not how many come. InputError for a share at which nobody enters.
    """
    _refuse_impossible(shares)
    return [tuple(_with_share(case, settings, share, folder) for case in cases)
            for share in dict.fromkeys(shares)
            if any(case.scenario.values.entry.outside_share != share for case in cases)]


def _with_share(case, settings, share, folder):
    """The case with an outside share; as many enter in the base year as in the case itself."""
    setting, values = f"{OUTSIDE_SHARE}={share!r}", case.scenario.values
    entering = potential_rate(values) * entering_share(values)
    held = [setting, f"entry.rate={entering!r}", 'entry.rate_counts="entering"']
    return variant(case, settings, held, folder / "variants" / setting / case.name)


def _refuse_impossible(shares):
    """InputError for a share that is none, or at which no entrant comes."""
    for share in shares:
        if not 0.0 < share < 1.0:
            raise InputError(Problem("", "--leakage-over", _("an outside share of {share:g}", share=share),
                                     _("shares above 0 and below 1"),
                                     _("at 1 no entrant comes, at 0 nobody takes the outside option")))
