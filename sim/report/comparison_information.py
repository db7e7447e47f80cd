"""What would be worth knowing before deciding between neighbours of a ranking: sentences, a table for each measure."""

import functools
from typing import NamedTuple

from sim.config.parameters import rows
from sim.plots.common.bands import percent
from sim.plots.common.money import money
from sim.plots.comparison.data import Compared
from sim.report.tables import Table
from sim.report.words import word
from sim.scenario import schema

MOST = 3                       # parameters that are shown of a pair
HEAD = ("upper", "lower", "known_before", "worth", "interval_95", "held_out", "p_value", "estimate_worth", "turns_at")


class Information(NamedTuple):
    """What the page says of it."""

    sentences: list[str]
    tables: list[Table]


def of(compared: Compared, lang: str) -> Information | None:
    """The Information of a comparison with enough draws of its parameters; None of another."""
    found = compared.content.get("uncertainty", {}).get("information", [])
    if not found:
        return None
    by_measure = {measure: [one for one in found if one["measure"] == measure]
                  for measure in dict.fromkeys(one["measure"] for one in found)}
    tables = [Table(word(f"by_{measure}", lang), [word(key, lang) for key in HEAD],
                    [row for one in ones for row in _rows(compared, one, lang)])
              for measure, ones in by_measure.items()]
    return Information([_sentence(compared, one, lang) for one in found], [table for table in tables if table.rows])


def _sentence(compared, one, lang):
    """What not knowing the parameters costs a pair, and what of it a list of firms could save."""
    about = {"upper": compared.title(one["scenario"], lang), "lower": compared.title(one["other"], lang),
             "measure": word(f"by_{one['measure']}", lang)}
    if not one["everything"]["value"]:
        return word("information_none", lang, **about)
    listed = one["firm_list"]
    saved = word("list_saves", lang, value=_amount(one, listed["value"], lang)) if listed and listed["certain"] else \
        word("list_saves_nothing", lang)
    return word("information_costs", lang, **about, value=_amount(one, one["everything"]["value"], lang),
                share=percent(one["everything"]["turns"]), saved=saved)


def _rows(compared, one, lang):
    """A row for everything, for a list of firms and for each parameter that is no chance find; none of a sure order."""
    if not one["everything"]["value"]:
        return
    pair = [compared.title(one["scenario"], lang), compared.title(one["other"], lang)]
    yield [*pair, word("known_all", lang), *_cells(one, one["everything"], lang)]
    if one["firm_list"]:
        yield [*pair, word("known_list", lang), *_listed(one, one["firm_list"], lang)]
    for each in one["parameters"][:MOST]:
        yield [*pair, _name(each["parameter"], lang), *_cells(one, each, lang)]


def _listed(one, row, lang):
    """Of a list that is worth no more than chance, what speaks for that: a number beside it would be taken for one."""
    value, between, held_out, p_value, sample, turns = _cells(one, row, lang)
    return [value, between, held_out, p_value, sample, turns] if row["certain"] else \
        [word("within_chance", lang), "–", held_out, p_value, "–", "–"]


def _cells(one, row, lang):
    amount = lambda key: "–" if row[key] is None else _cell(one, row[key], lang)                      # noqa: E731
    low, high = (_cell(one, row[end], lang) for end in ("low", "high"))
    return [amount("value"), word("range_of", lang, low=low, high=high), amount("held_out"),
            "–" if row["p_value"] is None else f"{row['p_value']:.3f}", amount("sample_value"),
            "–" if row["reverses_at"] is None else f"{row['reverses_at']:.3g}"]


def _cell(one, value, lang):
    """A value in a table: money in words, headquarters as a number, for the caption names them."""
    return money(value, lang) if one["measure"] == "balance" else _hundredths(value)


def _amount(one, value, lang):
    """A value in a sentence."""
    if one["measure"] == "balance":
        return money(value, lang)
    return word("in_headquarters", lang, value=_hundredths(value))


def _hundredths(value):
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _name(key, lang):
    """What a parameter is, and its key."""
    return word("parameter_and_key", lang, what=_known()[key].doc_in(lang), key=key)


@functools.cache
def _known():
    """Dotted key -> Row of the parameters."""
    return {row.key: row for row in rows(schema.build())}
