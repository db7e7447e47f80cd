"""What a change is made of: entry, exit, spin-offs, moves by origin and destination, growth.

    stock(t) = opening + (entries - spin-offs) - exits + spin-offs + moves in - moves out + growth
    effect   = the same, scenario less baseline, part by part

Signatures: parts: Levels x mask -> part -> (member, quarter), cumulated since the opening.
Identities: the parts sum to the stock, and the parts of an effect to the effect, by member, to the
last enterprise; moves between sites of the mask net out and stand nowhere. `growth` are enterprises
that rise above the yardstick at their site less those that fall below it: enterprises have none.
"""

import functools

import numpy as np
import pandas as pd

from sim.base.errors import CorruptError
from sim.experiments.compare.effects import MEASURES, by_place
from sim.experiments.paired_statistics import COLUMNS, statistics

PREFIX = {"headquarters": "headquarters_", "enterprises": ""}
WORDS = {"entry": ("new entry", "新设进入"), "exit": ("exit", "退出"), "spinoff": ("spin-offs", "衍生企业"),
         "moves_in": ("moves in from", "迁入，来自"), "moves_out": ("moves out to", "迁出，前往"),
         "growth": ("growth across the yardstick", "成长越过标准"), "total": ("whole change", "合计")}
OUTSIDE = ("outside", ("outside the region", "区域外"))
HEAD = ("scenario", "measure", "measure_zh", "level", "place", "place_en", "place_zh", "quarter", "part",
        "part_en", "part_zh", "other", "other_en", "other_zh", "unit", "baseline", "value")


def available(levels, measure):
    """Whether a run recorded the flows of a measure."""
    return f"{PREFIX[measure]}moves" in levels


def parts(levels, measure, mask):
    """(part, other place) -> (member, quarter), which sum to the stock of the mask less the opening's."""
    flow = lambda name: _at(levels[PREFIX[measure] + name], mask)             # noqa: E731
    found = {("entry", ""): flow("entries") - flow("spinoffs"), ("spinoff", ""): flow("spinoffs"),
             ("exit", ""): -flow("exits")}
    moves, jurisdiction = levels[f"{PREFIX[measure]}moves"], levels.sites["jurisdiction"].to_numpy(str)
    for name in levels.names["jurisdiction"]:
        elsewhere = (jurisdiction == name) & ~mask
        if elsewhere.any():
            found["moves_in", name] = moves[:, :, elsewhere][..., :-1][..., mask].sum(axis=(2, 3))
            found["moves_out", name] = -moves[:, :, mask][..., :-1][..., elsewhere].sum(axis=(2, 3))
    found["moves_out", OUTSIDE[0]] = -moves[:, :, mask, -1].sum(axis=2)
    if measure == "headquarters":
        found["growth", ""] = flow("growth")
    return found


def whole(levels, measure, mask):
    """(parts, stock) of a run; CorruptError if the parts do not add up to it."""
    found, stock = parts(levels, measure, mask), by_place(measure, mask)(levels)
    if not (sum(found.values()) == stock - stock[:, :1]).all():
        raise CorruptError(f"{levels.attrs['scenario']}: flows of {measure} do not add up to the stock")
    return found, stock


def differences(here, there):
    """(part, other) -> (here, there, effect), each (member, quarter), from the (parts, stock) of two runs."""
    (ours, stock), (theirs, stock_there) = here, there
    found = {key: (ours[key], theirs[key]) for key in ours}
    if (stock[:, 0] != stock_there[:, 0]).any():
        found["opening", ""] = tuple(np.broadcast_to(each[:, :1], each.shape) for each in (stock, stock_there))
    total = [sum(pair[k] for pair in found.values()) for k in range(2)]
    return {key: (*pair, pair[0] - pair[1]) for key, pair in (found | {("total", ""): tuple(total)}).items()}


def table(pairs):
    """DataFrame of the parts: of the zone at every close, of its jurisdictions at the end."""
    rows, base = [], {}
    for name, here, there in pairs:
        for measure in filter(functools.partial(available, here), PREFIX):
            for level, key, names, mask, when in _places(here):
                place = (measure, level, key)                              # the baseline's is the same for all
                base[place] = base.get(place) or whole(there, measure, mask)
                found = differences(whole(here, measure, mask), base[place])
                rows += _rows((name, measure, MEASURES[measure][0], level, key, *names), here, found,
                              (MEASURES[measure][1], when))
    return pd.DataFrame(rows, columns=[*HEAD, *COLUMNS])


def _places(levels):
    """(level, id, names, mask, positions of quarters) of the zone and of jurisdictions with a part in it."""
    zone, column = levels.zone, levels.sites["jurisdiction"].to_numpy(str)
    yield "zone", "zone", ("zone", levels.zone_zh), zone, range(1, len(levels.quarters))
    for key, names in levels.names["jurisdiction"].items():
        if (zone & (column == key)).any():
            yield "jurisdiction", key, names, column == key, [len(levels.quarters) - 1]


def _rows(head, levels, found, tail):
    unit, when = tail
    names = levels.names["jurisdiction"] | dict([OUTSIDE]) | {"": ("", "")}
    for (part, other), (value, base, effect) in found.items():
        words = WORDS.get(part, ("opening stock", "期初存量"))
        numbers, means = statistics(effect), (base.mean(axis=0), value.mean(axis=0))
        for k in when:
            yield (*head, levels.quarters[k], part, *words, other, *names[other], unit,
                   *(float(mean[k]) for mean in means), *(numbers[column][k].item() for column in COLUMNS))


def _at(values, mask):
    inside = values[:, :, mask]
    return inside.reshape(*inside.shape[:2], -1).sum(axis=2)
