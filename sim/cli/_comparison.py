"""What `sim compare` says below its table of effects: assumptions, reversals, precision, draws of parameters."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from sim.base.messages import _, joined
from sim.base.own_words import own
from sim.base.printed import decimals

# of what not knowing the parameters costs
UNITS = {str(unit): unit for unit in (_("headquarters"), _("enterprises"), _("RMB million"))}


def notes(content: Mapping[str, Any], titles: Mapping[str, str], lang: str) -> Iterator[str]:
    """What is said of the effects below their table; titles: by scenario, in the language."""
    if not any(each["mean"] > 0 for each in content["headline"] if each["measure"] == "headquarters"):
        yield _("  no policy here is better than the baseline")
    yield from _assumed(content, lang)
    yield from _reversals(content, titles)
    yield from _left_out(content, titles)
    yield from _leakage(content, titles, lang)
    yield _advice(content["sample_size"], titles)
    yield from _draws(content.get("uncertainty"), titles)


def _assumed(content, lang):
    """How near the effects are to being in proportion to what was assumed, and whose order theirs is."""
    found = content["proportion"]
    if found:
        yield _("  candidate enterprises in the zone per unit of assumed direct effect (dV, an input): {low:,.0f} to "
                "{high:,.0f}", low=found["low"], high=found["high"], zone=_zone(content, lang))
    if found and found["same_order"]:
        yield _("  the order of effects is that of the assumed direct effects: the ranking is an assumption")


def _zone(content, lang):
    """What the zone is called in Chinese."""
    return content.get("zone_zh") or own(lang, "zone")


def _reversals(content, titles):
    """What the coefficient of each scenario would have to be for it to reach the next one above it."""
    order = [each["scenario"] for each in sorted(content["ranking"], key=lambda each: each["rank"])
             if each["scenario"] != content["baseline"]]
    for each in content["reversals"]:
        if each["coefficient"] and order.index(each["other"]) == order.index(each["scenario"]) + 1:
            inside = _("inside its range") if each["inside"] else _("outside its range")
            yield _("  {lower} would catch up with {upper} at {key} = {needed:.2g} instead of {value:g}: {inside}, "
                    "{low:g} to {high:g}", lower=titles[each["other"]], upper=titles[each["scenario"]],
                    key=each["coefficient"], needed=each["at_reversal"], value=each["value"], inside=inside,
                    low=each["low"], high=each["high"])


def _left_out(content, titles):
    """What policies that were left out one at a time add to the others, and what is left for their interaction."""
    for name, rows in itertools.groupby(content.get("leave_one_out", []), key=lambda each: each["scenario"]):
        told = [_("{policy} {mean:+,.2f}", policy=each["policy"], mean=each["mean"]) for each in rows]
        yield _("  headquarters that each policy of {scenario} adds to the others: {parts}", scenario=titles[name],
                parts=joined(_(", "), told))


def _leakage(content, titles, lang):
    """What others lose of each gain, at the outside shares that were looked at."""
    found = [_("{scenario} {gain:+,.2f} at {outside:g}: {lost:.0%}", scenario=titles[each["scenario"]],
               gain=each["gain"], outside=each["outside_share"], lost=each["diversion"])
             for each in content.get("leakage", []) if each["diversion"] is not None]
    if found:
        yield _("  share of the zone's gain that is lost elsewhere, by outside share of entrants (an input): {parts}",
                parts=joined(_("; "), found), zone=_zone(content, lang))


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
                    f"{titles[each['scenario']]} {decimals(each['mean'], sign=True)} "
                    f"[{decimals(each['p05'], sign=True)}, {decimals(each['p95'], sign=True)}]" for each in rows)))
    share = {(each["scenario"], each["other"]): each["share"] for each in (uncertainty or {}).get("turns", [])}
    order = [each["scenario"] for each in sorted(rows, key=lambda each: -each["mean"])]
    for upper, lower in itertools.pairwise(order):
        yield _("  {lower} is above {upper} in {share:.0%} of the draws", lower=titles[lower], upper=titles[upper],
                share=share[upper, lower])
    yield from _information((uncertainty or {}).get("information", []), titles)
    half_life = (uncertainty or {}).get("half_life")
    if half_life:
        yield _("  half-life of a shift between places in the baseline: {median} [5-95 % of the draws: {low} to "
                "{high}]", **{name: _years(half_life[key]) for name, key in (
                    ("median", "median"), ("low", "p05"), ("high", "p95"))})


def _information(found, titles):
    """What not knowing the parameters costs a choice between neighbours in the ranking, and what a firm list saves."""
    for each in (each for each in found if each["everything"]["value"]):
        save = each["firm_list"]
        yield _("  {upper} rather than {lower}: not knowing the parameters costs {value:,.3g} {unit} on average; "
                "{saved}",
                upper=titles[each["scenario"]], lower=titles[each["other"]], value=each["everything"]["value"],
                unit=UNITS.get(each["unit"], each["unit"]),
                saved=_("a list of firms could save {value:,.3g}", value=save["value"]) if save and save["certain"]
                else _("a list of firms saves no more than chance would"))


def _years(value):
    """Whole years; what JSON has no number for is without end."""
    return _("no end") if value is None else _("{years:,.0f} years", years=value)
