"""What an estimation from a table of choices says, in the form of `content`: one kind of choice, no places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.json_values import plain
from sim.base.messages import both
from sim.experiments.estimation import content
from sim.experiments.estimation.table_estimate import CHOICES, NONE

if TYPE_CHECKING:
    from sim.experiments.estimation.table_estimate import TableEstimation


def of(found: TableEstimation) -> dict[str, Any]:
    """The content: numbers that are not finite are None."""
    given = found.prepared
    deciders = len(np.unique(given.made.decider))
    return plain({**content.about(given), "deciders": deciders, "alternatives": list(given.made.alternatives),
                  "open_ended": False, "cluster": "decider", "worlds": 0, "carries": [],
                  "kinds": {CHOICES: _kind(found)}, "stay": None})


def _kind(found: TableEstimation) -> dict[str, Any]:
    models = found.prepared.spec.values.models
    return {"years": None, "count": found.estimate.number, "sampled": False,
            "models": [{"effects": NONE, **content.estimate(found.estimate, found.elasticities, found.shares)}],
            "ratios": [each._asdict() for each in found.ratios],
            "bracket": [], "sums": [], "reach": None, "hausman": _hausman(found.hausman),
            "nested": found.nested and content.estimate(found.nested, None, found.shares),
            "mixed": found.mixed and content.mixed(found.mixed, models.mixed, models.draws, found.shares),
            "notes": [both(note) for note in found.notes]}


def _hausman(test: Any) -> dict[str, Any] | None:
    return {"without": test[0], "without_zh": test[0], **test[1]._asdict()} if test else None
