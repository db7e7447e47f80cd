"""What was assumed beside what was found, as tables: direct gains, published figures, what would reverse a ranking."""

import itertools
from collections.abc import Mapping

from sim.plots.common.bands import percent
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import gain
from sim.report.comparison_findings import half_width, percent_of_baseline
from sim.report.tables import Table
from sim.report.words import word
from sim.scenario import source_words

OF_SCENARIOS = ("but_for_package", "capitalisation", "capitalisation_long_run", "capitalisation_formula")


def beside(compared: Compared, lang: str) -> Table:
    """A row a scenario: what was assumed of it, what was found."""
    head = ("scenario", "assumed_dv", "total_found", "half_width", "in_percent", "per_unit")
    return _table(head, [_beside(compared, name, lang) for name in compared.names], lang)


def checks(compared: Compared, lang: str) -> Table:
    """A row a scenario, a column a check of all of it, below the row of published ranges; no rows without checks."""
    found = _checks(compared, paying=False)
    kinds = [kind for kind in OF_SCENARIOS if any(row["check"] == kind for row in found)]
    values = {(row["scenario"], row["check"]): row for row in found}
    ranges = {row["check"]: _range(row, lang) for row in found}
    rows = [[compared.title(name, lang), *(_percent(values.get((name, kind))) for kind in kinds)]
            for name in compared.names if any((name, kind) in values for kind in kinds)]
    published = [[word("published", lang), *(ranges[kind] for kind in kinds)]] if rows else []
    return _table(("scenario", *(f"short_{kind}" for kind in kinds)), published + rows, lang)


def paying(compared: Compared, titles: Mapping[str, Mapping[str, str]], lang: str) -> Table:
    """A row a policy that pays: its but-for share beside the published range; no rows unless each was left out.

    `titles` are those of the policies, by scenario and name.
    """
    rows = [[titles[row["scenario"]].get(row["policy"], row["policy"]), compared.title(row["scenario"], lang),
             _percent(row), _range(row, lang), word("yes" if int(row["inside"]) else "no", lang)]
            for row in _checks(compared, paying=True)]
    return _table(("policy", "scenario", "short_but_for", "published", "inside"), rows, lang)


def _checks(compared, paying):
    """The rows of checks.csv on single policies that pay, or on whole scenarios."""
    table = compared.tables["checks"].to_dict("records") if compared.has(["checks"]) else []
    return [row for row in table if (row["check"] == "but_for") == paying]


def sources(compared: Compared, lang: str) -> str:
    """The sources of the published ranges, each once; "" where nothing is held against one."""
    named = [row["source"] for row in _checks(compared, False) + _checks(compared, True) if row["low"] == row["low"]]
    return word("semicolon", lang).join(source_words.source(one, lang) for one in dict.fromkeys(named))


def channels(compared: Compared, lang: str) -> Table | None:
    """A row a scenario: what of utility at its policies' places comes through floor, other direct gains, and rents."""
    head = ("scenario", "size_term", "other_terms", "through_rents", "se_short")
    rows = [[compared.title(row["scenario"], lang), *(f"{row[name]:+.3f}" for name in head[1:3]),
             f"{row['rents']:+.3f}", f"{row['rents_se']:.3f}"]
            for _, row in compared.tables["channels"].iterrows()] if compared.has(["channels"]) else []
    return _table(head, rows, lang)


def caveats(compared: Compared, titles: Mapping[str, Mapping[str, str]], lang: str) -> list[str]:
    """What a reader must mind, each once: checks outside published figures in plain words, other warnings as given.

    `titles` are those of the policies, by scenario and name.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in compared.content["warnings"]:
        name, key = compared.title(one["scenario"], lang), _caveat(one)
        share = {end: f"{100 * abs(one[end]):.2g}%" for end in ("value", "low", "high")} if key else {}
        policy = titles[one["scenario"]].get(one["policy"], one["policy"])
        whose = word("policy_of", lang, policy=policy, name=name) if key and policy else name
        about = (key, share["low"], share["high"]) if key else ("warnings_of", one[f"text_{lang}"], "")
        told = word("share_of_whom", lang, name=whose, share=share["value"]) if key else name
        found.setdefault(about, []).append(told)
    return [word(key, lang, name=word("comma", lang).join(whose), text=low, low=low, high=high)
            for (key, low, high), whose in found.items()]


def _caveat(one):
    """The key of the sentence on a check outside the published figures; "" for another warning."""
    if one["what"] == "but_for":
        return "too_many" if one["value"] > one["high"] else "too_few"
    if one["what"] != "capitalisation":
        return ""
    return "relieved" if one["value"] < 0 else "capitalised_less" if one["value"] < one["low"] else "capitalised_more"


def _percent(row):
    """The value of a check in per cent; a dash where it is not known."""
    return "–" if row is None or row["value"] != row["value"] else f"{100 * row['value']:.1f}%"


def _range(row, lang):
    """The published range of a check in per cent; a dash where it is held against nothing."""
    if row["low"] != row["low"]:
        return "–"
    low, high = f"{100 * row['low']:g}", f"{100 * row['high']:g}"
    return f"{low}%～{high}%" if str(lang) == "zh" else f"{low}–{high}%"


def order(compared: Compared, lang: str) -> list[str]:
    """Sentences on the ranking: how near effects are to being in proportion to what was assumed, how often it turns."""
    found = compared.content.get("proportion")
    said = [word("units_are", lang, low=f"{found['low']:,.0f}", high=f"{found['high']:,.0f}")] if found else []
    if found and found["same_order"]:
        said.append(word("order_assumed", lang))
    return said + _turns(compared, lang)


def _turns(compared, lang):
    """How often neighbours in the ranking change places when parameters are drawn."""
    turns = compared.content.get("uncertainty", {}).get("turns", [])
    share = {(one["scenario"], one["other"]): one["share"] for one in turns}
    return [word("turns_are", lang, upper=compared.title(upper, lang), lower=compared.title(lower, lang),
                 share=percent(share[upper, lower])) for upper, lower in itertools.pairwise(compared.names)
            if (upper, lower) in share]


def reversals(compared: Compared, lang: str) -> Table:
    """Rows of neighbours in the ranking: what factor on the assumed dV would reverse them."""
    head = ("upper", "lower", "assumed_dv", "factor", "se_short", "dv_reversal", "coefficient_needed")
    near = [one for one in compared.content.get("reversals", [])
            if compared.names.index(one["other"]) == compared.names.index(one["scenario"]) + 1]
    known = lambda value, digits=2: "–" if value is None else f"{value:.{digits}f}"                    # noqa: E731
    rows = [[compared.title(one["scenario"], lang), compared.title(one["other"], lang),
             f"{one['assumed_dv']:.3f}", known(one["factor"]), known(one["factor_se"]),
             known(one["dv_at_reversal"], 3), _needed(one, lang)] for one in near]
    return _table(head, rows, lang)


def _needed(one, lang):
    """The lower one's coefficient at which it reaches the upper one, beside what it is and its range."""
    if not one.get("coefficient"):
        return "–"
    numbers = {name: f"{one[name]:g}" for name in ("value", "low", "high")}
    return word("needed_is", lang, key=one["coefficient"], needed=f"{one['at_reversal']:.2g}", **numbers,
                inside=word("in_range" if one["inside"] else "out_of_range", lang))


def _beside(compared, name, lang):
    row, assumed = compared.zone(name), compared.about(name).get("assumed_dv")
    error = half_width(compared, name)
    units = {(one["scenario"], one["measure"]): one["per_unit"] for one in compared.content.get("per_unit", [])}
    unit = units.get((name, "headquarters"))
    return [compared.title(name, lang), f"{assumed:.3f}" if assumed else word("none", lang),
            gain(row["mean"]), "–" if error is None else f"{error:.1f}", percent_of_baseline(row),
            "–" if unit is None else f"{unit:,.0f}"]


def _table(head, rows, lang):
    return Table("", [word(key, lang) for key in head], rows)
