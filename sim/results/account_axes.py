"""The axes of the accounts of a run: what stands along them in this region and scenario."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import policies
from sim.base.calendar import Calendar
from sim.model.public_accounts import BASES, FUND, LEVELS, PAYERS, TAXES
from sim.policies import Instrument
from sim.region.load import Region
from sim.results.account_labels import WORDS
from sim.scenario.load import Scenario


def account_coords(region: Region, scenario: Scenario, calendar: Calendar) -> dict[str, Any]:
    """Coordinates of the axes of the accounts."""
    places = region.jurisdictions
    coords = {"year": calendar.years(), "authority": list(places.index),
              "authority_en": ("authority", list(places["name_en"].astype(str))),
              "authority_zh": ("authority", list(places["name_zh"].astype(str))),
              "province": ("authority", list(places["province"].astype(str))),
              "giver": [*places.index, FUND], "receiver": [*places.index, FUND]}
    for axis, names in (("tax", TAXES), ("level", LEVELS), ("base", BASES), ("payer", PAYERS)):
        coords |= {axis: list(names), f"{axis}_en": (axis, [WORDS[name][0] for name in names]),
                   f"{axis}_zh": (axis, [WORDS[name][1] for name in names])}
    return coords | _policies(scenario)


def _policies(scenario: Scenario) -> dict[str, Any]:
    given = scenario.values.policies
    titles = [(policy.title or name, policy.title_zh or policy.title or name) for name, policy in given.items()]
    used = [scenario.instruments[name] for name in given]
    return {"policy": list(given), "policy_en": ("policy", [title for title, _ in titles]),
            "policy_zh": ("policy", [title for _, title in titles]), "instrument": ("policy", used),
            "cost_kind": ("policy", [kind(policies.registry.get(name)) for name in used])}


def relief(instruments: Sequence[str]) -> NDArray[np.bool_]:
    """(policy,) whether a policy costs relief forgone, by the instruments of a run, in their order."""
    return np.array([kind(policies.registry.get(name)) == "relief" for name in instruments], bool)


def kind(instrument: Instrument) -> str:
    """What an instrument costs: relief, grant or spending."""
    if instrument.relieves:
        return "relief"
    return "grant" if instrument.pays else "spending"
