"""Feedback over the prior: how often draws of the parameters have places that run away, and what remains else.

Parameters are drawn from their ranges as `sim compare --uncertainty` draws them; each draw's base year is solved and
its quarterly map measured at the opening (`model.mean_field`). A draw with R_dyn above 1 is no fault and is not cut: a
lead grows there until rents or the number of enterprises end it. It is a pattern of the ranges.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.base.messages import _, both
from sim.experiments.compare import uncertainty
from sim.experiments.compare.scenarios import ComparedScenario
from sim.experiments.empirical.patterns import NOTHING, Pattern, row
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.mean_field import quarter_map
from sim.model.mean_field.record import NAMES, measured
from sim.region.load import Region
from sim.scenario.load import Scenario


def draws(region: Region, scenario: Scenario, number: int,
          before: int = 0) -> Generator[tuple[int, int], None, NDArray[np.float64]]:
    """Generator of (done, in all), `before` among both; returns (draw, measure) by `record.NAMES` at the opening."""
    case = ComparedScenario(scenario.name, scenario, region, Path(), None)
    found = []
    for d in range(number):
        (values,) = uncertainty.drawn([case], 1, 1, first=d)
        world = assemble.build(region, members_of(uncertainty.changed(scenario, values), [0]))
        fixed, economy, _base = initialise.prepare(world)
        found.append(measured(world, quarter_map.build(world, fixed, economy, 0, 0)))
        yield before + d + 1, before + number
    return np.array(found)


def rows(found: NDArray[np.float64]) -> Iterator[Pattern]:
    """Patterns of draws (draw, measure): how many run away, and the half-life and capitalisation of the others."""
    of = {name: found[:, k] for k, name in enumerate(NAMES)}
    settles, source = of["r_dyn"] < 1.0, _("draws of the parameters from their ranges, at the opening")
    yield row(both(_("over the prior: share of draws with R_dyn above 1")), NOTHING, (~settles).astype(float),
              "not fitted", source)
    yield row(both(_("over the prior: R_dyn")), NOTHING, of["r_dyn"], "not fitted", source)
    for name, text in (("half_life", _("over the prior: half-life in years, draws with R_dyn below 1")),
                       ("capitalised_long_run", _("over the prior: long-run capitalisation, R_dyn below 1"))):
        yield row(both(text), NOTHING, of[name][settles], "not fitted", source)
