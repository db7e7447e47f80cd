"""A comparison with other effects than were found, and what its figures say."""

import dataclasses
import json

import pandas as pd

from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import save


def repeated(compared, times):
    """The comparison with its first scenario under several names, each twice the effect of the next."""
    first, names = compared.names[0], [f"copy-{k}" for k in range(times)]
    tables = {}
    for name, table in compared.tables.items():
        one = table[table["scenario"] == first]
        tables[name] = pd.concat([one.assign(scenario=copy) for copy in names], ignore_index=True)
    content = json.loads(json.dumps(compared.content))
    for key in ("ranking", "scenarios"):
        label = "name" if key == "scenarios" else "scenario"
        one = next(each for each in content[key] if each[label] == first)
        kept = [each for each in content[key] if each.get("baseline") or each.get("scenario") == compared.baseline]
        content[key] = kept + [{**one, label: copy, "rank": k} for k, copy in enumerate(names)]
    return comparison_data.Compared(content, tables, compared.places)


def single(compared):
    """The comparison as if made of one pair of runs."""
    one = lambda table: table.assign(members=1, sd=float("nan"), se=float("nan"),      # noqa: E731
                                     p05=table["mean"], p95=table["mean"])
    tables = {name: one(table) if "p05" in table else table for name, table in compared.tables.items()}
    return comparison_data.Compared({**compared.content, "members": 1}, tables, compared.places)


def certain(compared, errors):
    """The comparison as if every effect were a gain of so many standard errors."""
    table = compared.tables["effects"]
    mean = 1.0 + table["mean"].abs()
    effects = table.assign(mean=mean, value=table["baseline"] + mean, se=mean / errors)
    return dataclasses.replace(compared, tables={**compared.tables, "effects": effects})


def told(compared, name, lang):
    """All texts of a figure, one after the other."""
    figure = save.draw(compared, name, lang)
    return " ".join(text.get_text().replace("\n", "" if lang == "zh" else " ") for text in figure.findobj(
        lambda artist: hasattr(artist, "get_text")))
