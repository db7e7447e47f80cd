"""All tables of a comparison by the names of their files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.compare import (
    capitalisation,
    costs,
    decomposition,
    difference_in_differences,
    direct_effects,
    effects,
    feedback,
    fiscal,
    leakage,
    persistence,
    plausibility,
    ranking,
    welfare,
)
from sim.experiments.compare.effects import Effects
from sim.experiments.compare.run_levels import Levels, pairs_of
from sim.experiments.compare.study import Study


def tables(study: Study, levels: Mapping[str, Levels], variants: Any, left: Any,
           found: Effects) -> dict[str, pd.DataFrame]:
    """Name -> DataFrame; levels: by scenario, the baseline first; found: their effects.

    variants: (scenarios, their levels) with other outside shares, for leakage alone; left: leave_one_out.Found.
    """
    pairs, ends = pairs_of(levels), found.ends
    leaks = [leakage.table(pairs_of(each), [case.scenario.values.entry.outside_share for case in cases[1:]])
             for cases, each in ((study.cases, levels), *variants)]
    rents = {case.name: case.scenario.values.terms.rent.beta for case in study.others}
    points = {case.name: case.scenario.values.terms.tax.beta for case in study.others}
    return {"effects": found.table, "event_study": effects.event_study(found.table, study.events),
            "decomposition": decomposition.table(pairs), "leakage": pd.concat(leaks, ignore_index=True),
            "ranking": ranking.ranking(ends, study.baseline.name),
            "pairwise": ranking.pairwise(ends, study.baseline.name),
            "reversals": ranking.reversals(ends, {name: each.zone for name, each in study.assumed.items()},
                                           study.coefficients),
            "assumed": direct_effects.table(study.assumed),
            "per_unit": direct_effects.per_unit(found.at_end, study.assumed),
            "did": difference_in_differences.table(pairs, study.masks, study.eves),
            "checks": plausibility.table(pairs, study, rents, left.eligible),
            "channels": capitalisation.by_channel(pairs, study, rents),
            **({"leave_one_out": left.table(pairs)} if left.cases else {}),
            "persistence": persistence.table(pairs, study.lasts),
            "welfare": welfare.table(pairs, points), "costs": costs.table(pairs, study.masks, study.eves),
            "fiscal": fiscal.table(pairs), "feedback": feedback.feedback(pairs),
            "tipping": feedback.tipping(levels)}


def draws(values: Sequence[Mapping[str, float]], effects: Mapping[str, Any]) -> pd.DataFrame:
    """DataFrame: a row a draw and scenario, with the mean effect of its replicates and the values drawn."""
    return pd.DataFrame([{"draw": d, "scenario": name,
                          **{measure: float(found[name][d].mean()) for measure, found in effects.items()}, **each}
                         for d, each in enumerate(values) for name in effects["headquarters"]])
