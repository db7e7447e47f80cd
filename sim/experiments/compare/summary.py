"""What comparison.json says beside the tables: titles, headline, advice, and what must be told first."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from sim.base.calendar import label
from sim.base.messages import _, both
from sim.config import toml_file
from sim.experiments.compare import decomposition, plausibility, sample_size
from sim.experiments.compare import scenarios as compared_scenarios
from sim.experiments.compare.leakage import NEW
from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.compare.study import Study
from sim.experiments.paired_statistics import row
from sim.experiments.titles import told_apart

CHECKS = {
    "but_for": _("{value:.0%} of the registrations that are eligible for policy {policy} would not have come without "
                 "it; of US firms with incentives {low:.0%}-{high:.0%} (Bartik 2018)"),
    "capitalisation": _("rents absorb {value:.0%} of the direct gain; landowners bear {low:.0%}-{high:.0%} of a US "
                        "state’s corporate tax (Suárez Serrato & Zidar 2016), a weak bound")}
REASONS = {"event_study": _("differs by more than policies dated within the run"),
           "did": _("no policy at named sites, or no controls"), "checks": _("no direct gain at named sites"),
           "persistence": _("its policies stay in force"),
           "costs": _("no public accounts in the results"), "fiscal": _("no public accounts in the results"),
           "feedback": _("no replicate was measured in both")}
LEADS = _("effects before the event are not zero")


def common(levels: Levels) -> dict[str, Any]:
    """What holds for all runs compared, from the Levels of the baseline."""
    return {"region": levels.attrs["region"], "region_title": levels.attrs["region_title"],
            "region_title_zh": levels.attrs["region_title_zh"], "zone_zh": levels.zone_zh, "seed": levels.attrs["seed"],
            "members": len(levels.members), "start": levels.quarters[0], "end": levels.quarters[-1],
            "quarters": list(levels.quarters)}


def scenarios(study: Study, assumed: Mapping[str, float]) -> list[dict[str, Any]]:
    """Every scenario: its titles, no two of them equal, its policies and how it differs from the baseline.

    assumed: scenario -> direct effect on the zone, of all but the baseline.
    """
    titles = [told_apart({case.name: case.titles[k] for case in study.cases}, lang)
              for k, lang in enumerate(("en", "zh"))]
    return [_scenario(case, study, [told[case.name] for told in titles], assumed) for case in study.cases]


def leaks(leakage: pd.DataFrame) -> list[dict[Any, Any]]:
    """What others lose of the zone's gain of headquarters, an entry a scenario and outside share, which is an input."""
    rows = leakage[(leakage["measure"] == "headquarters") & (leakage["origin"] == NEW[0])].sort_values("outside_share")
    return rows[["scenario", "outside_share", "gain", "diversion", "rivalness"]].to_dict("records")


def advice(ends: Mapping[str, NDArray[Any]], precision: float) -> dict[str, Any]:
    """Replicates for the precision wanted, by scenario, from the spread of the effect."""
    return {"precision": precision, "confidence": sample_size.CONFIDENCE,
            "scenarios": [{"scenario": name, "sd": row(effect)[1], "half_width": sample_size.half_width(effect),
                           "needed": sample_size.needed(effect, precision)} for name, effect in ends.items()]}


def left_out(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """What policies add to the zone's headquarters, and their interaction."""
    return table[table["measure"] == "headquarters"][["scenario", "policy", "mean", "se"]].to_dict("records")


def warnings(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, str]]:
    """What a reader must be told before any result."""
    study = tables["event_study"]                    # before the event every member has the same in both worlds
    broken = study[(study["lead"] == 1) & (study[["mean", "p05", "p95"]] != 0).any(axis=1)]
    found = [{"what": "leads", "scenario": name, **_told(LEADS)} for name in dict.fromkeys(broken["scenario"])]
    for each in plausibility.outside(tables["checks"]).to_dict("records"):
        numbers = {key: each[key] for key in ("scenario", "policy", "value", "se", "low", "high")}
        found.append({"what": each["check"], **numbers,
                      **_told(_(CHECKS[each["check"]], **each))})  # type: ignore[arg-type]  # named by texts
    return found


def _told(text: str) -> dict[str, str]:
    return dict(zip(("text_en", "text_zh"), both(text)))


def omitted(pairs: Pairs, tables: Mapping[str, pd.DataFrame]) -> list[dict[str, str]]:
    """Tables that lack a scenario, and why."""
    found = []
    for name, here, _there in pairs:
        missing = [what for what in REASONS if name not in set(tables[what]["scenario"])]
        found += [{"what": what, "scenario": name, "why": REASONS[what]} for what in missing]
        found += [{"what": f"decomposition of {measure}", "scenario": name, "why": _("flows were not recorded")}
                  for measure in decomposition.PREFIX if not decomposition.available(here, measure)]
    return found


def _scenario(case, study, titles, assumed):
    english, chinese = titles
    at = study.events.get(case.name)
    return {"name": case.name, "title_en": english, "title_zh": chinese, "baseline": case is study.baseline,
            "folder": str(case.folder), "digest": case.scenario.digest,
            "event": None if at is None else label(at),
            "assumed_dv": assumed.get(case.name),
            "policies": [_policy(case, name) for name in compared_scenarios.own_policies(case, study.baseline)],
            "differences": [{"key": key, **{name: None if value is None else toml_file.format_value(value)
                                        for name, value in (("baseline", there), ("here", here))}}
                        for key, there, here in compared_scenarios.differences(case, study.baseline)]}


def _policy(case, name):
    policy = case.scenario.values.policies[name]
    title = policy.title or name
    return {"name": name, "title_en": title, "title_zh": policy.title_zh or title,
            "instrument": case.scenario.instruments[name], "sites": policy.sites, "start": str(policy.start),
            "end": str(policy.end) if policy.end else None}
