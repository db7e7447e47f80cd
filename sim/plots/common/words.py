"""The words that figures use; places and industries bring their own names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sim.base.own_words import fill, has_rings
from sim.base.word_tables import Words
from sim.metrics.counting import groups

if TYPE_CHECKING:
    import xarray as xr

    from sim.plots.common.entry import Entry

word = Words("figures")
OUTSIDE = "radiation"          # the ring outside the zone


def moment(quarter: object, lang: str) -> str:
    """A quarter in words.

    >>> moment("2040-Q4", "en"), moment("2025-Q2", "zh")
    ('end of 2040', '2025 年第 2 季度末')
    """
    year, number = str(quarter).split("-Q")
    return word("year_end" if number == "4" else "quarter", lang, year=year, quarter=number)


def day(date: str, lang: str) -> str:
    """A date as in a file, in words.

    >>> day("2026-01-01", "en"), day("2026-01-01", "zh")
    ('2026-01-01', '2026 年 1 月 1 日')
    """
    year, month, number = date.split("-")
    return word("day", lang, year=year, month=int(month), day=int(number))


def period(dataset: xr.Dataset | xr.DataArray, lang: str) -> dict[str, str]:
    """The first and the last quarter in words, to fill in sentences."""
    quarters = dataset["quarter"].values
    return {"first": moment(quarters[0], lang), "last": moment(quarters[-1], lang)}


def names(dataset: xr.Dataset | xr.DataArray, key: str, lang: str) -> dict[str, str]:
    """Display names of the ids of `key` ("site", "industry", "jurisdiction", "ring", ...).

    The dataset's own columns come first (short_en for sites, industry_en, jurisdiction_en, ...),
    then the table above, then the id itself.
    """
    column = f"short_{lang}" if key == "site" else f"{key}_{lang}"
    if column in dataset.coords:
        pairs = zip(dataset[key].values.tolist(), dataset[column].values.tolist(), strict=True)
        return {one: str(name) for one, name in pairs}
    return {one: word(one, lang) if one in word else str(one) for one in dataset[key].values.tolist()}


def rings(dataset: xr.Dataset, lang: str) -> list[str]:
    """Ids of the rings; of a region without rings what is outside the zone alone, for all else is the zone."""
    return [one for one in groups(dataset, "ring") if has_rings(lang) or one == OUTSIDE]


def title_of(entry: Entry, lang: str) -> str:
    """Title of a registered figure in the language."""
    return fill(entry.title_zh if lang == "zh" else entry.title, lang)


def titled(dataset: xr.Dataset, lang: str) -> str:
    """Title of the scenario in the language, or its name when it has none."""
    attributes = dataset.attrs
    wanted = "title_zh" if lang == "zh" else "title"
    return attributes.get(wanted) or attributes.get("title") or attributes.get("scenario", "")


def events(dataset: xr.Dataset, lang: str) -> list[tuple[float, str, list[str]]]:
    """[(decimal year, date as written, labels)] of the policies, by date, each label once a date."""
    found: dict[str, list[str]] = {}
    for event in json.loads(dataset.attrs.get("events") or "[]"):
        label = event.get("label_zh") if lang == "zh" else event.get("label")
        found.setdefault(event["date"][:7], []).append(label or event.get("label", ""))
    return [(int(month[:4]) + (int(month[5:7]) - 1) / 12, month, list(dict.fromkeys(labels)))
            for month, labels in sorted(found.items())]
