"""All tables of a comparison by the names of their files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.base import forked
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
from sim.results.summary import csv_of

OF_EFFECTS = ("effects", "event_study")
OF_ASSUMED = ("reversals", "assumed", "per_unit", "checks", "channels")     # tables that look at what was assumed


def tables(study: Study, levels: Mapping[str, Levels], variants: Any, left: Any,
           found: Effects, processes: int = 1) -> tuple[dict[str, pd.DataFrame], dict[str, bytes]]:
    """(name -> DataFrame, name -> its CSV); levels: by scenario, the baseline first; found: their effects.

    variants: (scenarios, their levels) with other outside shares, for leakage alone; left: leave_one_out.Found. With
    more processes than one another makes some, first those that look at what was assumed.
    """
    makers = _makers(study, levels, variants, left, found)
    others = [name for name in makers if name not in OF_EFFECTS + OF_ASSUMED]
    made = forked.mapped(lambda names: {name: (table := makers[name](), csv_of(table)) for name in names},
                         (OF_EFFECTS, OF_ASSUMED, others), processes)
    every = made[0] | made[1] | made[2]
    return {name: every[name][0] for name in makers}, {name: every[name][1] for name in makers}


def _makers(study, levels, variants, left, found):
    """Name -> what makes the table of it."""
    pairs, ends, baseline = pairs_of(levels), found.ends, study.baseline.name
    rents = {case.name: case.scenario.values.terms.rent.beta for case in study.others}
    points = {case.name: case.scenario.values.terms.tax.beta for case in study.others}
    return {"effects": lambda: found.table, "event_study": lambda: effects.event_study(found.table, study.events),
            "decomposition": lambda: decomposition.table(pairs),
            "leakage": lambda: _leakage(((study.cases, levels), *variants)),
            "ranking": lambda: ranking.ranking(ends, baseline), "pairwise": lambda: ranking.pairwise(ends, baseline),
            "reversals": lambda: ranking.reversals(ends, {name: each.zone for name, each in study.assumed.items()},
                                                   study.coefficients),
            "assumed": lambda: direct_effects.table(study.assumed),
            "per_unit": lambda: direct_effects.per_unit(found.at_end, study.assumed),
            "did": lambda: difference_in_differences.table(pairs, study.masks, study.eves),
            "checks": lambda: plausibility.table(pairs, study, rents, left.eligible),
            "channels": lambda: capitalisation.by_channel(pairs, study, rents),
            **({"leave_one_out": lambda: left.table(pairs)} if left.cases else {}),
            "persistence": lambda: persistence.table(pairs, study.lasts),
            "welfare": lambda: welfare.table(pairs, points),
            "costs": lambda: costs.table(pairs, study.masks, study.eves), "fiscal": lambda: fiscal.table(pairs),
            "feedback": lambda: feedback.feedback(pairs), "tipping": lambda: feedback.tipping(levels)}


def _leakage(variants):
    return pd.concat([leakage.table(pairs_of(each), [case.scenario.values.entry.outside_share for case in cases[1:]])
                      for cases, each in variants], ignore_index=True)


def draws(values: Sequence[Mapping[str, float]], effects: Mapping[str, Any]) -> pd.DataFrame:
    """DataFrame: a row a draw and scenario, with the mean effect of its replicates and the values drawn."""
    return pd.DataFrame([{"draw": d, "scenario": name,
                          **{measure: float(found[name][d].mean()) for measure, found in effects.items()}, **each}
                         for d, each in enumerate(values) for name in effects["headquarters"]])
