"""A comparison from its arguments to its folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import storage, toml_source
from sim.calendar import label
from sim.experiment.comparison import cases as _cases
from sim.experiment.comparison import decomposition, effects, files, ranking, replicates, running
from sim.experiment.comparison.levels import levels_of
from sim.experiment.comparison.statistics import COLUMNS, row

LONGEST_NAME = 80


@dataclass(frozen=True)
class Comparison:
    """What to compare, where to, and with which options; the baseline is the first case."""

    cases: tuple
    folder: Path
    settings: _cases.Settings
    precision: float = 0.5     # wanted half width of the 95 % interval, headquarters
    force: bool = False

    @property
    def key(self):
        return files.key_of(self.cases, {"precision": self.precision})


def prepared(arguments, baseline, settings, out=None, **options):
    """The Comparison of arguments as typed; InputError for whatever cannot be compared."""
    cases = _cases.with_baseline(_cases.cases_of(arguments, settings), baseline, settings)
    name = f"compare-{'-'.join(case.name for case in cases)}"[:LONGEST_NAME]
    folder = Path(out) if out else settings.runs / name
    cases = tuple(running.placed(case, settings, folder) for case in cases)
    return Comparison(cases, folder, settings, **options)


def compare(comparison):
    """Generator of (members done, members in all); when it ends, the folder is complete."""
    folder = storage.open_folder(comparison.folder)
    with storage.lock(folder):
        if not comparison.force:
            files.refuse_another(folder, comparison.key)
        yield from running.made(comparison.cases, comparison.settings)
        tables, content = analysed(comparison)
        files.write(folder, tables, content, files.about(comparison.cases, comparison.key,
                                                         comparison.settings.command))


def analysed(comparison):
    """(tables by name, content of comparison.json) of finished runs."""
    baseline, *others = comparison.cases
    events = {case.name: at for case in others if (at := _cases.event(case, baseline)) is not None}
    levels = {case.name: levels_of(case.folder, [label(at) for at in events.values()])
              for case in comparison.cases}
    pairs = [(case.name, levels[case.name], levels[baseline.name]) for case in others]
    ends = {name: effects.zone_effect(here, there)[:, -1] for name, here, there in pairs}
    tables = _tables(pairs, events, ends)
    content = {"schema": files.SCHEMA, "kind": files.KIND, "baseline": baseline.name,
               **_told(levels[baseline.name]), "scenarios": [_about(case, baseline, events) for case in
                                                             comparison.cases],
               "headline": _headline(pairs), "ranking": files.records(tables["ranking"]),
               "beats": files.records(tables["beats"]), "first": _first(tables),
               "replicates": _advice(ends, comparison.precision), "omitted": _omitted(pairs, events)}
    return tables, content


def _tables(pairs, events, ends):
    by_group = effects.table(pairs)
    return {"effects": by_group, "event_study": effects.event_study(by_group, events),
            "decomposition": decomposition.table(pairs), "ranking": ranking.ranking(ends),
            "beats": ranking.beats(ends)}


def _told(levels):
    """What holds for all runs compared."""
    return {"region": levels.attrs["region"], "region_title": levels.attrs["region_title"],
            "region_title_zh": levels.attrs["region_title_zh"], "seed": levels.attrs["seed"],
            "members": len(levels.members), "opening": levels.quarters[0], "end": levels.quarters[-1],
            "quarters": list(levels.quarters)}


def _about(case, baseline, events):
    """A scenario in comparison.json: its titles, its policies and how it differs from the baseline."""
    english, chinese = case.titles
    at, mine = events.get(case.name), _cases.own_policies(case, baseline)
    return {"name": case.name, "title_en": english, "title_zh": chinese, "baseline": case is baseline,
            "folder": str(case.folder), "digest": case.scenario.digest,
            "event": None if at is None else label(at),
            "policies": [_policy(case, name) for name in mine],
            "differs": [{"key": key, "baseline": _shown(there), "here": _shown(here)}
                        for key, there, here in _cases.differences(case, baseline)]}


def _policy(case, name):
    policy = case.scenario.values.policies[name]
    title = policy.title or name
    return {"name": name, "title_en": title, "title_zh": policy.title_zh or title,
            "instrument": case.scenario.instruments[name], "sites": policy.sites, "start": str(policy.start),
            "end": str(policy.end) if policy.end else None}


def _shown(value):
    return None if value is None else toml_source.format_value(value)


def _headline(pairs):
    """Effects on the zone at the end, a row a scenario and measure."""
    rows = []
    for name, here, there in pairs:
        for measure in effects.MEASURES:
            series = effects.by_place(measure, here.zone)
            value, base = series(here)[:, -1], series(there)[:, -1]
            rows.append({"scenario": name, "measure": measure, "baseline": float(base.mean()),
                         "value": float(value.mean()), **dict(zip(COLUMNS, row(value - base)))})
    return rows


def _advice(ends, precision):
    """Replicates for the precision wanted, by scenario, from the spread of the effect."""
    return {"precision": precision, "confidence": replicates.CONFIDENCE, "scenarios": [
        {"scenario": name, "half_width": replicates.half_width(effect), "sd": float(np.std(effect, ddof=1))
         if len(effect) > 1 else float("nan"), "needed": replicates.needed(effect, precision)}
        for name, effect in ends.items()]}


def _first(tables):
    """What a reader must be told before any result."""
    broken = effects.broken_leads(tables["event_study"])
    return [{"what": "leads", "scenario": name, "text_en": "effects before the event are not zero",
             "text_zh": "事件发生前的效应不为零"} for name in dict.fromkeys(broken["scenario"])]


def _omitted(pairs, events):
    """Tables that could not be made, and why."""
    found = []
    for name, here, _ in pairs:
        if name not in events:
            found.append({"what": "event_study", "scenario": name,
                          "why": "differs by more than dated policies, or by nothing"})
        found += [{"what": f"decomposition of {measure}", "scenario": name, "why": "flows were not recorded"}
                  for measure in decomposition.PREFIX if not decomposition.available(here, measure)]
    return found
