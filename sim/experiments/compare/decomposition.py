"""What a change is made of: entry, exit, spin-offs, moves by origin and destination, growth.

    stock(t) = opening + (entries - spin-offs) - exits + spin-offs + moves in - moves out + growth
    effect   = the same, scenario less baseline, part by part

Signatures: parts: Levels x mask -> part -> (member, quarter), cumulated since the opening.
Identities: the parts sum to the stock, and the parts of an effect to the effect, by member, to the
last enterprise; moves between sites of the mask net out and stand nowhere. `growth` are enterprises
that grow past the headquarters criteria at their site less those that fall below: enterprises have none.
"""

import functools
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import CorruptError
from sim.base.messages import _, both
from sim.experiments import paired_statistics
from sim.experiments.compare.effects import MEASURES, stock
from sim.experiments.compare.run_levels import Levels, Pairs

PREFIX = {"headquarters": "headquarters_", "enterprises": ""}
WORDS = {"entry": both(_("new entry")), "exit": both(_("exit")), "spinoff": both(_("spin-offs")),
         "moves_in": both(_("moves in from")), "moves_out": both(_("moves out to")),
         "growth": both(_("growth past the criteria")), "total": both(_("total change")),
         "initial": both(_("initial stock"))}
OUTSIDE = ("outside", both(_("outside the region")))
PLACE = ["level", "place", "place_en", "place_zh"]
PART = ["part", "part_en", "part_zh", "other", "other_en", "other_zh"]
HEAD = ["scenario", "measure", "measure_zh", *PLACE, "quarter", *PART, "unit", "baseline", "value"]


Whole: TypeAlias = "tuple[dict[tuple[str, str], NDArray[Any]], NDArray[Any]]"        # parts, and their sum


def available(levels: Levels, measure: str) -> bool:
    """Whether a run recorded the flows of a measure."""
    return f"{PREFIX[measure]}moves" in levels


def parts(levels: Levels, measure: str, mask: NDArray[np.bool_]) -> dict[tuple[str, str], NDArray[Any]]:
    """(part, other place) -> (member, quarter), which sum to the stock of the mask less the opening's."""
    flow = lambda name: _at(levels[PREFIX[measure] + name], mask)             # noqa: E731
    found = {("entry", ""): flow("entries") - flow("spinoffs"), ("spinoff", ""): flow("spinoffs"),
             ("exit", ""): -flow("exits")}
    moves, jurisdiction = levels[f"{PREFIX[measure]}moves"], levels.sites["jurisdiction"].to_numpy(str)
    to, away = moves[..., :-1][..., mask].sum(axis=3), moves[:, :, mask].sum(axis=2)
    for name in levels.names["jurisdiction"]:
        elsewhere = (jurisdiction == name) & ~mask
        if elsewhere.any():
            found["moves_in", name] = to[:, :, elsewhere].sum(axis=2)
            found["moves_out", name] = -away[..., :-1][..., elsewhere].sum(axis=2)
    found["moves_out", OUTSIDE[0]] = -away[..., -1]
    if measure == "headquarters":
        found["growth", ""] = flow("growth")
    return found


def whole(levels: Levels, measure: str, mask: NDArray[np.bool_]) -> Whole:
    """(parts, stock) of a run; CorruptError if the parts do not add up to it."""
    found, stocks = parts(levels, measure, mask), stock(levels, measure, mask)
    if not (sum(found.values()) == stocks - stocks[:, :1]).all():
        raise CorruptError(_("{scenario}: flows of {measure} do not add up to the stock",
                             scenario=levels.attrs["scenario"], measure=measure))
    return found, stocks


def differences(here: Whole, there: Whole) -> dict[tuple[str, str], tuple[NDArray[Any], ...]]:
    """(part, other) -> (here, there, effect), each (member, quarter), from the (parts, stock) of two runs."""
    (ours, stocks), (theirs, stocks_there) = here, there
    found: dict[tuple[str, str], tuple[NDArray[Any], ...]] = {key: (ours[key], theirs[key]) for key in ours}
    if (stocks[:, 0] != stocks_there[:, 0]).any():
        found["initial", ""] = tuple(np.broadcast_to(each[:, :1], each.shape) for each in (stocks, stocks_there))
    total: list[Any] = [sum(pair[k] for pair in found.values()) for k in range(2)]
    return {key: (*pair, pair[0] - pair[1]) for key, pair in (found | {("total", ""): tuple(total)}).items()}


def table(pairs: Pairs) -> pd.DataFrame:
    """DataFrame of the parts: of the zone at every close, of its jurisdictions at the end."""
    columns, found = [*HEAD, *paired_statistics.COLUMNS], list(_rows(pairs))
    if not found:
        return pd.DataFrame(columns=columns)
    value, without, effect = np.concatenate([numbers for _, numbers in found], axis=2)
    told = pd.DataFrame([row for rows, _ in found for row in rows], columns=HEAD[:-2])
    return told.assign(baseline=without.mean(axis=0), value=value.mean(axis=0),
                       **paired_statistics.statistics(effect))[columns]


def _rows(pairs):
    """([row's words], (here, there or effect, member, row)) of every scenario, measure and place."""
    base: dict[tuple[str, ...], Whole] = {}
    for name, here, there in pairs:
        names = here.names["jurisdiction"] | dict([OUTSIDE]) | {"": ("", "")}
        for measure in filter(functools.partial(available, here), PREFIX):
            for place, mask, first in _places(here):
                key = (measure, *place)                                    # the baseline's is the same for all
                base[key] = base.get(key) or whole(there, measure, mask)
                found = differences(whole(here, measure, mask), base[key])
                chinese, unit = MEASURES[measure]
                yield ([(name, measure, chinese, *place, quarter, part, *WORDS[part], other, *names[other], unit)
                        for part, other in found for quarter in here.quarters[first:]],
                       np.concatenate([np.stack(each)[:, :, first:] for each in found.values()], axis=2))


def _places(levels):
    """(level, id and names, mask, first position told) of the zone and of jurisdictions with a part in it."""
    zone, column = levels.zone, levels.sites["jurisdiction"].to_numpy(str)
    yield ("zone", "zone", "zone", levels.zone_zh), zone, 1
    for key, names in levels.names["jurisdiction"].items():
        if (zone & (column == key)).any():
            yield ("jurisdiction", key, *names), column == key, len(levels.quarters) - 1


def _at(values, mask):
    inside = values[:, :, mask]
    return inside.reshape(*inside.shape[:2], -1).sum(axis=2)
