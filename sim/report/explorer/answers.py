"""What the page is told of effects: cells, accounts and parts of one or more points, packed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.explorer.sample import CROSSED, ITEMS, STATISTICS, Axes, Described
from sim.report.explorer.packing import packed

FINEST = {"headquarters": 0.05, "enterprises": 0.1, "employment": 10.0}    # steps of counts on the page
MONEY, PARTS = 0.5, 0.05                  # RMB million; headquarters


class Detail(NamedTuple):
    """What is told beside places, industries and types alone: those by each other, and headquarters by quarter."""

    crossed: bool = True
    quarters: bool = True


WHOLE = Detail()
LESS = (WHOLE, Detail(crossed=False), Detail(crossed=False, quarters=False))      # for pages that may not be long


def blocks(samples: Sequence[Described | None], axes: Axes, level: int = 9, detail: Detail = WHOLE) -> dict[str, Any]:
    """The blocks of points, None where a point is missing, with the labels of their axes."""
    first = next(one for one in samples if one is not None)
    keep = [k for k, cell in enumerate(axes.cells) if detail.crossed or not _is_crossed(cell)]
    cells = {}
    for measure in first.cells:
        # (point, statistic, year, cell)
        whole = _stacked([None if one is None else one.cells[measure] for one in samples])
        which = keep if measure in CROSSED else [k for k in keep if not _is_crossed(axes.cells[k])
                                                 and not np.isnan(first.cells[measure][0, :, k]).all()]
        block = packed(whole[..., which].swapaxes(2, 3), FINEST[measure], level)
        cells[measure] = {**block, "cells": [axes.cells[k] for k in which]}
    sums = packed(_stacked([None if one is None else _sums(one) for one in samples]), MONEY, level)
    accounts = packed(_stacked([None if one is None else one.accounts for one in samples]), MONEY, level)
    parts = packed(_stacked([None if one is None else one.parts for one in samples]).swapaxes(2, 3), PARTS, level)
    quarters = _quarters(samples, axes, level) if detail.quarters else {}
    return {"cells": cells, "accounts": accounts, "sums": sums, "parts": parts, **quarters,
            "members": first.members,
            "missing": [number for number, one in enumerate(samples) if one is None],
            "labels": {"years": list(axes.years), "parts": ["|".join(part) for part in axes.parts],
                       "authorities": list(axes.jurisdictions), "items": list(ITEMS), "statistics": list(STATISTICS)}}


def _sums(one: Described) -> NDArray[np.float64]:
    """(mean and se, item) of the accounts of all jurisdictions together; no error where members are not known."""
    found = getattr(one, "sums", None)
    return np.stack([one.accounts[0].sum(axis=0), np.full(len(ITEMS), np.nan)]) if found is None else found


def _quarters(samples: Sequence[Described | None], axes: Axes, level: int) -> dict[str, Any]:
    """Headquarters by site at every quarter, where points have them."""
    found = [getattr(one, "quarterly", None) for one in samples]
    if all(one is None for one in found):
        return {}
    # (point, statistic, site, quarter)
    block = packed(_stacked(found).swapaxes(2, 3), FINEST["headquarters"], level)
    return {"quarters": {**block, "labels": list(axes.quarters), "sites": list(axes.sites)}}


def _stacked(found: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64]:
    """Arrays of points as one, nan where there is none."""
    first = next(one for one in found if one is not None)
    return np.stack([np.full_like(first, np.nan) if one is None else one for one in found])


def _is_crossed(cell: str) -> bool:
    """Whether a cell is a ring or the zone by two of place, industry and type.

    >>> _is_crossed("zone|software|"), _is_crossed("ring:core|software|"), _is_crossed("site:xicen||")
    (False, True, False)
    """
    place, industry, kind = cell.split("|")
    return bool(industry and kind) or bool(place != "zone" and (industry or kind))
