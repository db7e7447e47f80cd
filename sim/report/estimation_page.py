"""The page of an estimation: coefficients with their errors, the bracket of peers, the report on the data."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.base import provenance
from sim.base.messages import known
from sim.report.estimation_tables import coefficient, further, number, significant, table
from sim.report.findings import Card
from sim.report.tables import Table
from sim.report.words import word

KINDS = ("moves", "arrivals", "choices")   # in the order of the page
MOST_NAMED = 8                             # alternatives, on a card
WIDE = 400.0                               # of the drawing of a bracket, its own units
FULL, PALE, ZERO = "#123f6b", "#c9d6e4", "#d55e00"
Z = 1.96


class Box(NamedTuple):
    """A rectangle of a drawing, its numbers as text."""

    x: str
    y: str
    width: str
    height: str
    fill: str


def write(folder: Path, said: Mapping[str, Any], languages: tuple[str, ...]) -> tuple[Path, ...]:
    """Write report.html and report.zh.html, or one of them, of what `content.of` says; their paths."""
    from sim.report.render import write_all

    return tuple(write_all(folder, "estimation.html", functools.partial(content, said), languages))


def content(said: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the page says in a language, by the names that its template uses."""
    said = named(said, lang)
    kinds = [(kind, said["kinds"][kind]) for kind in KINDS if kind in said["kinds"]]
    rows = [(kind, bound) for kind, each in kinds for bound in each["bracket"]]
    low, high = _span(rows)
    return {"title": said["title_zh" if lang == "zh" else "title"], "of_table": _of_table(said),
            "cards": _cards(said, lang),
            "sentences": list(_sentences(said, kinds, lang)), "kinds": [_kind(*each, lang) for each in kinds],
            "bracket": [_bound(kind, bound, low, high, lang) for kind, bound in rows], "worlds": said["worlds"],
            "axis": word("est_scale", lang, low=number(low, 2), high=number(high, 2)), "sums": list(_sums(kinds, lang)),
            "elasticity_note": word("est_table_elasticity_note" if _of_table(said) else "est_elasticity_note", lang,
                                    cluster=known(said["cluster"], lang)),
            "stay": _stay(said["stay"], lang), "tests": list(_tests(kinds, lang)), "data": _data(said, lang),
            "caveats": said["caveats_zh" if lang == "zh" else "caveats"],
            "fragment": [line for line in said["fragment"].splitlines() if line], "provenance": _provenance(said, lang),
            "version": provenance.program(provenance.versions())}


def named(said: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The content with coefficients called as readers know them: regressors by their titles, where they have one."""
    titles = {name: each["title_zh" if lang == "zh" else "title"] or name for name, each in said["regressors"].items()}

    def told(value, key=""):
        if isinstance(value, dict):
            return {told(name, key): told(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [told(inner, key) for inner in value]
        return coefficient(value, titles, lang) if key in ("name", "undecided", "of", "to", "laws") else value

    renamed = {titles[name]: each for name, each in said["regressors"].items()}
    return {**said, "kinds": told(said["kinds"]), "stay": told(said["stay"]), "regressors": renamed}


def _of_table(said):
    """Whether it is of a table of choices, and not of a list of firms."""
    return "alternatives" in said


def _cards(said, lang):
    if _of_table(said):
        return list(_table_cards(said, lang))
    dropped = sum(line["rows"] for line in said["data"] if line["fate"] == "dropped")
    found = [Card(f"{said['firms']:,}", word("est_firms", lang, first=said["first"], last=said["last"]),
                  word("est_places", lang, n=said["places"]))]
    found += [Card(f"{said['kinds'][kind]['count']:,}", word(f"est_{kind}", lang),
                   _years(*said["kinds"][kind]["years"], lang))
              for kind in KINDS if kind in said["kinds"]]
    return [*found, Card(f"{dropped:,}", word("est_dropped", lang), word("est_dropped_note", lang))]


def _years(first, last, lang):
    return str(first) if first == last else word("est_years", lang, first=first, last=last)


def _table_cards(said, lang):
    count, dropped = said["kinds"]["choices"]["count"], [line for line in said["data"] if line["fate"] == "dropped"]
    yield Card(f"{count:,}", word("est_choices", lang), word("est_deciders", lang, n=f"{said['deciders']:,}"))
    yield Card(str(len(said["alternatives"])), word("est_alternatives", lang),
               word("comma", lang).join(said["alternatives"][:MOST_NAMED]))
    yield Card(f"{sum(line['rows'] for line in dropped):,}", word("est_dropped_choosers", lang),
               word("est_dropped_note", lang))


def _sentences(said, kinds, lang):
    """The findings that a reader should take away: peers against worlds without them, distance, missing exits."""
    for kind, each in kinds:
        plain = {model["effects"] for model in each["models"]}
        for bound in each["bracket"]:
            if bound["name"] == each["bracket"][0]["name"] and bound["effects"] in plain:
                yield _peers(kind, bound, lang)
        for row in each["models"][0]["rows"]:
            if said["regressors"].get(row["name"], {}).get("kind") == "distance":
                yield word("est_distance", lang, name=row["name"], value=number(row["value"]),
                           error=number(row["clustered"]), percent=f"{100 * (1 - 2.0 ** row['value']):.0f}%")
    if said["open_ended"]:
        yield word("est_open", lang)


def _peers(kind, bound, lang):
    of = dict(kind=word(f"est_kind_{kind}", lang), name=bound["name"], effects=_effects(bound["effects"], lang),
              value=number(bound["value"], 2), error=number(bound["error"], 2))
    if bound["null_sd"] is None:
        return word("est_peers_unknown", lang, **of)
    excess, error = _excess(bound)
    apart = excess / error
    key = "est_peers_same" if abs(apart) < Z else "est_peers_above" if apart > 0 else "est_peers_below"
    return word(key, lang, mean=number(bound["null_mean"], 2), sd=number(bound["null_sd"], 2), **of)


def _excess(bound):
    """(how far an estimate is above the mean of worlds without peers, standard error of that)."""
    return bound["value"] - bound["null_mean"], float(np.hypot(bound["error"], bound["null_sd"]))


def _kind(kind, each, lang):
    of = {model["effects"]: word("est_model", lang, effects=_effects(model["effects"], lang))
          for model in each["models"]} if kind != "choices" else {"none": word("est_conditional", lang)}
    worth = "est_table_worth" if kind == "choices" else "est_worth"
    models = [table(model, of[model["effects"]], lang, worth) for model in each["models"]]
    models += [further(each[name], word(f"est_title_{name}", lang), lang, worth)
               for name in ("nested", "mixed") if each[name]]
    for ratio in each.get("ratios", ()):
        at = [model["effects"] for model in each["models"]].index("none") if ratio["model"] == "none" else len(
            each["models"])
        models[at]["note"] += " " + word("est_ratio", lang, **{key: value if isinstance(value, str) else significant(
            value) for key, value in ratio.items()})
    return {"title": word(f"est_{kind}_title", lang), "models": models}


def _effects(effects, lang):
    """Effects in words; of the jackknife too."""
    kind, _comma, more = effects.partition(", ")
    return word("comma", lang).join([known(kind, lang), known(more, lang)] if more else [known(kind, lang)])


def _span(rows):
    """(least, most) number that the drawings of brackets show, 0 among them."""
    ends = [0.0, 1.0]
    for _kind_of, bound in rows:
        ends += [bound["value"] - Z * bound["error"], bound["value"] + Z * bound["error"]]
        if bound["null_sd"] is not None:
            ends += [bound["null_mean"] - Z * bound["null_sd"], bound["null_mean"] + Z * bound["null_sd"]]
    return min(ends), max(ends)


def _bound(kind, bound, low, high, lang):
    """A row of the bracket with its drawing."""
    null = excess = "–"
    if bound["null_sd"] is not None:
        null = f"{number(bound['null_mean'], 2)} ({number(bound['null_sd'], 2)})"
        excess = "{} ({})".format(*(number(each, 2) for each in _excess(bound)))
    effects = _effects(bound["effects"], lang)
    value = number(bound["value"], 2)
    return {"name": f"{word(f'est_kind_{kind}', lang)}{word('colon', lang)}{bound['name']}", "effects": effects,
            "value": value, "error": number(bound["error"], 2), "null": null, "excess": excess,
            "label": f"{bound['name']} {value}",
            "boxes": list(_boxes(bound, low, high))}


def _boxes(bound, low, high) -> Iterator[Box]:
    place = lambda value: WIDE * (value - low) / (high - low)                                            # noqa: E731
    bar = lambda middle, half, y, height, fill: Box(                                                     # noqa: E731
        f"{place(middle - half):.1f}", str(y), f"{max(place(middle + half) - place(middle - half), 1.5):.1f}",
        str(height), fill)
    if bound["null_sd"] is not None:
        yield bar(bound["null_mean"], Z * bound["null_sd"], 6, 24, PALE)
    yield bar(bound["value"], Z * bound["error"], 15, 6, FULL)
    yield bar(bound["value"], 0.004 * (high - low), 9, 18, FULL)
    yield bar(0.0, 0.0, 0, 36, ZERO)


def _sums(kinds, lang):
    for kind, each in kinds:
        for one in each["sums"]:
            yield word(f"est_kind_{kind}", lang) + word("colon", lang) + word(
                "est_sum", lang, effects=_effects(one["effects"], lang), value=number(one["value"], 2),
                error=number(one["error"], 2))


def _stay(stay, lang):
    if not stay:
        return None
    note = word("est_undecided", lang, names=word("comma", lang).join(stay["undecided"])) if stay["undecided"] else ""
    return {**table(stay, "", lang), "note": note, "intro": word("est_stay_intro", lang, count=f"{stay['count']:,}")}


def _tests(kinds, lang):
    for kind, each in kinds:
        name = word(f"est_kind_{kind}", lang)
        if test := each["hausman"]:
            key = "est_hausman" if test["statistic"] >= 0 else "est_hausman_negative"
            key = key.replace("est_", "est_table_") if kind == "choices" else key
            place = test["without_zh" if lang == "zh" else "without"]
            yield word(key, lang, kind=name, without=place, p=number(test["p"]))
        if each["nested"]:
            yield from _nested(name, each["nested"]["rows"], lang)
        if reach := each["reach"]:
            key = "est_reach_open" if reach["open_low"] or reach["open_high"] else "est_reach"
            yield word(key, lang, kind=name, **{end: f"{reach[end]:.0f}" for end in ("km", "low", "high")})
        if each["sampled"]:
            yield word("est_sampled", lang, kind=name)
        for note in each["notes"]:
            yield note[lang == "zh"]


def _nested(kind, rows, lang):
    """A sentence a dissimilarity parameter, with the nest that it is of where each has its own."""
    for row in rows:
        title, _colon, nest = row["name"].partition(word("colon", lang))
        if title == word("est_dissimilarity", lang):
            yield word("est_nested", lang, kind=word("comma", lang).join([kind, nest] if nest else [kind]),
                       value=number(row["value"]), error=number(row["clustered"]))


def _data(said, lang):
    end = "_zh" if lang == "zh" else ""
    rows = [[line[f"what{end}"], line[f"fate{end}"], f"{line['rows']:,}", str(line["first_row"] or "–"),
             str(line["example"]) or "–"] for line in said["data"]]
    return Table("", [word(f"est_data_{each}", lang) for each in ("what", "fate", "rows", "first", "example")], rows)


def _provenance(said, lang):
    file = word("est_table_file" if _of_table(said) else "est_provenance_file", lang)
    return [(word("command", lang), said["command"]), (file, said["file"]),
            (word("digest", lang, name=said["file"]), said["sha256"]), (word("est_encoding", lang), said["encoding"])]
