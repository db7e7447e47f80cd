"""The lines that a comparison ends with, read from comparison.json."""

import shlex

from sim.base.own_words import own
from sim.base.word_tables import terminal


def lines(content, folder, lang):
    """Headline lines of a comparison in a language."""
    words = terminal("comparison", lang)
    titles = {each["name"]: each[f"title_{lang}"] for each in content["scenarios"]}
    head = words["title"].format(end=content["end"], baseline=titles[content["baseline"]],
                                 n=content["members"], zone=content.get("zone_zh") or own(lang, "zone"))
    return [*(f"{words['first']}: {titles.get(each['scenario'], '')}: {each[f'text_{lang}']}"
              for each in content["warnings"]),
            head, *_aligned([words["columns"], *_rows(content, titles, words)]),
            *([] if any(each["mean"] > 0 for each in _effects(content)) else [f"  {words['none']}"]),
            *_leakage(content, titles, words, lang),
            f"  {_advice(content['sample_size'], titles, words)}",
            *_draws(content.get("uncertainty"), titles, words),
            f"{words['where']}: {folder}/comparison.json, {', '.join(content['tables'].values())}",
            *_directions(content, folder, words, lang)]


def _directions(content, folder, words, lang):
    """Where the page is, if it was drawn, and what to try next."""
    from sim.report.render import NAMES

    if (folder / NAMES[lang]).exists():
        yield f"{words['page']}: {folder / NAMES[lang]}"
    last = content["scenarios"][-1]["folder"]
    yield f"{words['next']}: " + "   |   ".join(shlex.join(each) for each in (
        ["sim", "report", str(folder)], ["sim", "rerun", last]))


def _effects(content):
    """Effects on the zone's headquarters."""
    return [each for each in content["headline"] if each["measure"] == "headquarters"]


def _rows(content, titles, words):
    found = _effects(content)
    best = {each["scenario"]: each["best"] for each in content["ranking"]}
    yield titles[content["baseline"]], f"{found[0]['baseline']:,.1f}", words["baseline"], "", "", \
        f"{best[content['baseline']]:.0%}"
    for each in sorted(found, key=lambda each: -each["mean"]):
        yield (titles[each["scenario"]], f"{each['value']:,.1f}", f"{each['mean']:+,.2f}",
               _number(each["se"], ".2f"), f"[{each['p05']:+,.1f}, {each['p95']:+,.1f}]",
               f"{best[each['scenario']]:.0%}")


def _leakage(content, titles, words, lang):
    """What others lose of each gain, at the outside shares that were looked at."""
    found = [words["leakage_of"].format(title=titles[each["scenario"]], outside=each["outside_share"],
                                        gain=each["gain"], diversion=each["diversion"])
             for each in content.get("leakage", []) if each["diversion"] is not None]
    if found:
        zone = content.get("zone_zh") or own(lang, "zone")
        yield "  " + words["leakage"].format(text="; ".join(found), zone=zone)


def _advice(advice, titles, words):
    numbers = {titles[each["scenario"]]: each["needed"] for each in advice["scenarios"]}
    if None in numbers.values():
        return words["one"]
    text = ", ".join(f"{title} {number:,}" for title, number in numbers.items())
    return words["advice"].format(precision=advice["precision"], text=text)


def _draws(uncertainty, titles, words):
    """What is left of the effects when parameters are drawn."""
    rows = [each for each in (uncertainty or {}).get("effects", []) if each["measure"] == "headquarters"]
    if rows:
        text = ", ".join(f"{titles[each['scenario']]} {each['mean']:+,.1f} [{each['p05']:+,.1f}, {each['p95']:+,.1f}]"
                         for each in rows)
        yield "  " + words["draws"].format(draws=uncertainty["draws"], text=text)


def _number(value, form):
    return "" if value is None else format(value, form)


def _aligned(rows):
    """Rows as lines; the first column left, all others right, Chinese counted as wide as it is."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = [f"{' ' * (width - cell_len(cell))}{cell}" for width, cell in zip(widths, row)]
        yield "  " + "  ".join([row[0] + " " * (widths[0] - cell_len(row[0])), *cells[1:]]).rstrip()
