"""What the page is told of effects: cells, accounts and parts of one or more points, packed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.explorer.sample import CROSSED, ITEMS, STATISTICS
from sim.report.explorer.packing import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.experiments.explorer.sample import Axes, Described

FINEST = {"headquarters": 0.05, "enterprises": 0.1, "employment": 10.0}    # steps of counts on the page
MONEY, PARTS = 0.5, 0.05                  # RMB million; headquarters


def blocks(samples: Sequence[Described | None], axes: Axes, level: int = 9) -> dict[str, Any]:
    """The blocks of points, None where a point is missing, with the labels of their axes."""
    first = next(one for one in samples if one is not None)
    keep = _kept(axes, len(samples))
    cells = {}
    for measure in first.cells:
        # (point, statistic, year, cell)
        whole = _stacked([None if one is None else one.cells[measure] for one in samples])
        which = keep if measure in CROSSED else [k for k in keep if not _is_crossed(axes.cells[k])
                                                 and not np.isnan(first.cells[measure][0, :, k]).all()]
        block = packed(whole[..., which].swapaxes(2, 3), FINEST[measure], level)
        cells[measure] = {**block, "cells": [axes.cells[k] for k in which]}
    accounts = packed(_stacked([None if one is None else one.accounts for one in samples]), MONEY, level)
    parts = packed(_stacked([None if one is None else one.parts for one in samples]).swapaxes(2, 3), PARTS, level)
    return {"cells": cells, "accounts": accounts, "parts": parts, **_quarters(samples, axes, level),
            "members": first.members,
            "missing": [number for number, one in enumerate(samples) if one is None],
            "labels": {"years": list(axes.years), "parts": ["|".join(part) for part in axes.parts],
                       "authorities": list(axes.jurisdictions), "items": list(ITEMS), "statistics": list(STATISTICS)}}


def _quarters(samples: Sequence[Described | None], axes: Axes, level: int) -> dict[str, Any]:
    """Headquarters by site at every quarter, of a single point that has them."""
    found = getattr(samples[0], "quarterly", None) if len(samples) == 1 else None
    if found is None:
        return {}
    block = packed(found[None].swapaxes(2, 3), FINEST["headquarters"], level)      # (point, statistic, site, quarter)
    return {"quarters": {**block, "labels": list(axes.quarters), "sites": list(axes.sites)}}


def _stacked(found: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64]:
    """Arrays of points as one, nan where there is none."""
    first = next(one for one in found if one is not None)
    return np.stack([np.full_like(first, np.nan) if one is None else one for one in found])


def _kept(axes: Axes, points: int) -> list[int]:
    """Numbers of the cells that are told; of many points those of one place, industry or type alone."""
    return [k for k, cell in enumerate(axes.cells) if points == 1 or not _is_crossed(cell)]


def _is_crossed(cell: str) -> bool:
    """Whether a cell is a ring or the zone by two of place, industry and type.

    >>> _is_crossed("zone|software|"), _is_crossed("ring:core|software|"), _is_crossed("site:xicen||")
    (False, True, False)
    """
    place, industry, kind = cell.split("|")
    return bool(industry and kind) or bool(place != "zone" and (industry or kind))
