"""What came out of a run, in numbers to remember and in plain sentences with their uncertainty."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.metrics.counting import by_site, grouped, in_zone
from sim.metrics.headquarters_in_zone import headquarters_in_zone
from sim.plots.common.bands import band, percent, signed, spread, told_apart, whole
from sim.plots.common.words import names, period
from sim.report.words import word

FEW = 30                      # runs below which a 5-95 % band is rough


@dataclass(frozen=True)
class Card:
    """A number to remember: what it is, and how sure."""

    number: str
    label: str
    sure: str


def cards(data: xr.Dataset, lang: str) -> list[Card]:
    """The four numbers that a page opens with."""
    numbers, dates = headquarters_in_zone(data), period(data, lang)
    core = _core(data)
    return [_card(numbers, whole, word("end", lang, last=dates["last"]), lang),
            _card(change(numbers), signed, word("change", lang, first=dates["first"]), lang),
            *([_card(core, whole, word("core", lang, last=dates["last"]), lang)] if core is not None else []),
            _card(share(data), percent, word("zone_share", lang, last=dates["last"]), lang)]


def sentences(data: xr.Dataset, lang: str) -> list[str]:
    """What the numbers say, one sentence each."""
    numbers, held, dates = headquarters_in_zone(data), share(data), period(data, lang)
    (start, end), (held_start, held_end) = (_ends(one) for one in (numbers, held))
    said = [word("said_zone", lang, start=whole(start), end=whole(end),
                 spread=_spread(data, numbers, whole, lang), **dates)]
    if data.sizes["member"] > 1:
        moved = change(numbers)
        error = 2 * float(moved.std(ddof=1)) / moved.size ** 0.5
        said.append(word("said_change", lang, change=signed(float(moved.mean())), error=f"{error:.1f}",
                         spread=_spread(data, moved, signed, lang)))
    said.append(word("said_share", lang, start=percent(held_start), end=percent(held_end),
                     spread=_spread(data, held, percent, lang)))
    said += _place(data, lang)
    if 1 < data.sizes["member"] < FEW:
        said.append(word("said_few", lang, n=data.sizes["member"]))
    return said


def change(numbers: xr.DataArray) -> xr.DataArray:
    """Numbers (member, quarter) at the last quarter less those at the first -> (member,)."""
    return numbers.isel(quarter=-1) - numbers.isel(quarter=0)


def share(data: xr.Dataset) -> xr.DataArray:
    """The zone's part of all headquarters modelled, (member, quarter); 0 where there are none."""
    everywhere = by_site(data, "headquarters").sum("site")
    return headquarters_in_zone(data) / everywhere.where(everywhere > 0, 1)


def _core(data):
    inside = in_zone(data)
    rings = grouped(by_site(inside, "headquarters"), inside, "ring")
    return rings.sel(ring="core") if "core" in rings["ring"] else None


def _place(data, lang):
    """The sentence on the place of the zone that changes most, as far as that differs from chance."""
    inside = in_zone(data)
    moved = change(by_site(inside, "headquarters")).transpose("member", "site")
    if not moved.values.any():
        return []
    most = int(abs(moved.mean("member").values).argmax())
    if moved.sizes["member"] > 1 and not told_apart(moved.values, among=moved.sizes["site"])[most]:
        return []
    one = moved.isel(site=most)
    return [word("said_place", lang, name=list(names(inside, "site", lang).values())[most],
                 change=signed(float(one.mean())), spread=_spread(data, one, signed, lang))]


def _ends(numbers):
    middle = numbers.mean("member").values
    return float(middle[0]), float(middle[-1])


def _last(numbers):
    return numbers.isel(quarter=-1) if "quarter" in numbers.dims else numbers


def _spread(data, numbers, shown, lang):
    low, _, high = band(_last(numbers))
    return spread(data, lang, float(low), float(high), shown=shown)


def _card(numbers, shown, label, lang):
    low, middle, high = (float(np.asarray(part)) for part in band(_last(numbers)))
    sure = word("runs_range", lang, low=shown(low), high=shown(high)) if numbers.sizes["member"] > 1 \
        else word("one_run", lang)
    return Card(shown(middle), label, sure)
