"""The lines that a comparison ends with, read from comparison.json."""

import shlex

from sim.base.messages import _, joined, translate
from sim.base.own_words import own

COLUMNS = (_("scenario"), _("level"), _("effect"), _("s.e."), _("5-95 % of effect"), _("P(best)"))


def lines(content, folder, lang):
    """Headline lines of a comparison in a language."""
    titles = {each["name"]: each[f"title_{lang}"] for each in content["scenarios"]}
    head = _("Headquarters in the zone (base-year criteria), {end}: effect against {baseline}, mean of {n} paired "
             "replicates", end=content["end"], baseline=titles[content["baseline"]], n=content["members"],
             zone=content.get("zone_zh") or own(lang, "zone"))
    rows = [[translate(cell, lang) for cell in row] for row in (COLUMNS, *_rows(content, titles))]
    said = [*(_("Read first: {scenario}: {text}", scenario=titles.get(each["scenario"], ""), text=each[f"text_{lang}"])
              for each in content["warnings"]),
            head, *_aligned(rows), *_best(content), *_leakage(content, titles, lang),
            _advice(content["sample_size"], titles),
            *_draws(content.get("uncertainty"), titles), *_directions(content, folder, lang)]
    return [translate(line, lang) for line in said]


def _best(content):
    if not any(each["mean"] > 0 for each in _effects(content)):
        yield _("  no policy here is better than the baseline")


def _directions(content, folder, lang):
    """Where the tables are, and the page if it was drawn; what to try next."""
    from sim.report.render import NAMES

    yield _("Tables: {files}", files=f"{folder}/comparison.json, {', '.join(content['tables'].values())}")
    if (folder / NAMES[lang]).exists():
        yield _("Report: {file}", file=folder / NAMES[lang])
    last = content["scenarios"][-1]["folder"]
    yield _("Next: {commands}", commands="   |   ".join(shlex.join(each) for each in (
        ["sim", "report", str(folder)], ["sim", "rerun", last])))


def _effects(content):
    """Effects on the zone's headquarters."""
    return [each for each in content["headline"] if each["measure"] == "headquarters"]


def _rows(content, titles):
    found = _effects(content)
    best = {each["scenario"]: each["best"] for each in content["ranking"]}
    yield titles[content["baseline"]], f"{found[0]['baseline']:,.1f}", _("(baseline)"), "", "", \
        f"{best[content['baseline']]:.0%}"
    for each in sorted(found, key=lambda each: -each["mean"]):
        yield (titles[each["scenario"]], f"{each['value']:,.1f}", f"{each['mean']:+,.2f}",
               _number(each["se"], ".2f"), f"[{each['p05']:+,.1f}, {each['p95']:+,.1f}]",
               f"{best[each['scenario']]:.0%}")


def _leakage(content, titles, lang):
    """What others lose of each gain, at the outside shares that were looked at."""
    found = [_("{scenario} {gain:+,.2f} at {outside:g}: {lost:.0%}", scenario=titles[each["scenario"]],
               gain=each["gain"], outside=each["outside_share"], lost=each["diversion"])
             for each in content.get("leakage", []) if each["diversion"] is not None]
    if found:
        yield _("  lost elsewhere, of the zone's gain, by the outside share of entrants (an input): {parts}",
                parts=joined(_("; "), found), zone=content.get("zone_zh") or own(lang, "zone"))


def _advice(advice, titles):
    numbers = {titles[each["scenario"]]: each["needed"] for each in advice["scenarios"]}
    if None in numbers.values():
        return _("  one replicate is not enough to judge the precision")
    return _("  replicates for +-{precision:g} headquarters (95 %): {numbers}", precision=advice["precision"],
             numbers=joined(_(", "), (f"{title} {number:,}" for title, number in numbers.items())))


def _draws(uncertainty, titles):
    """What is left of the effects when parameters are drawn."""
    rows = [each for each in (uncertainty or {}).get("effects", []) if each["measure"] == "headquarters"]
    if rows:
        yield _("  over {draws} draws of the parameters, mean [5-95 %]: {effects}", draws=uncertainty["draws"],
                effects=joined(_(", "), (
                    f"{titles[each['scenario']]} {each['mean']:+,.1f} [{each['p05']:+,.1f}, {each['p95']:+,.1f}]"
                    for each in rows)))


def _number(value, form):
    return "" if value is None else format(value, form)


def _aligned(rows):
    """Rows as lines; the first column left, all others right, Chinese counted as wide as it is."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = [f"{' ' * (width - cell_len(cell))}{cell}" for width, cell in zip(widths, row)]
        yield "  " + "  ".join([row[0] + " " * (widths[0] - cell_len(row[0])), *cells[1:]]).rstrip()
