"""What a back-test found, in sentences and a table: first whether the model beats its best rival."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sim.base import markdown as markdown_tables
from sim.base.messages import Message, _, joined, translate
from sim.experiments.backtest import draws, measures, rivals, scored
from sim.experiments.backtest.definitions import Left
from sim.experiments.backtest.draws import MODEL

SAME = 1e-3                    # nats: a variant of the model that is nearer to it forecasts the same
CERTAIN = 2.0                  # standard errors beyond which one forecaster is ahead
NAMES = {MODEL: _("the model"), draws.NO_PEERS: _("the model without peers"),
         draws.NO_POLICY: _("the model without policies"), "gravity": _("gravity"),
         "smoothed_by_sector": _("smoothed past arrivals of the sector")}
FLOWS = {"moves": _("destination of a move"), "arrivals": _("location of an arrival"),
         "arrivals_without_reregistrations": _("location of an arrival, re-registrations excluded"),
         "moves_of_sector": _("destination of a move, given its sector"),
         "arrivals_of_sector": _("location of an arrival, given its sector"),
         "arrivals_without_reregistrations_of_sector": _("location of an arrival, given its sector, re-registrations "
                                                         "excluded")}
CHOICE_HEAD = (_("flow"), _("years ahead"), _("forecaster"), _("n"), _("log score"), _("model minus rival"),
               _("standard error"))
HEAD = (_("series"), _("forecaster"), _("n"), _("CRPS"), _("model minus rival"), _("standard error"), _("log score"),
        _("model minus rival"), _("standard error"), _("coverage of 50 %"), _("coverage of 90 %"), _("width of 90 %"))

SHORT_HEAD = (*HEAD[:4], _("model minus rival (s.e.)"), HEAD[6], _("model minus rival (s.e.)"), *HEAD[9:])


def name_of(forecaster: str, lang: str) -> str:
    """A forecaster's name in a language."""
    if forecaster in NAMES:
        return translate(NAMES[forecaster], lang)
    entry = rivals.registry.get(forecaster) if forecaster in rivals.registry else None
    return (entry.title_zh if lang == "zh" else entry.title) if entry else forecaster


def label(series: str, measure: str, lang: str) -> str:
    """What a series counts, and its name in the file in brackets.

    >>> label("shanghai_rhq", "regional_headquarters_recognised", "en")
    'regional headquarters ever recognised (shanghai_rhq)'
    """
    entry = measures.registry.get(measure)
    return f"{entry.title_zh}（{series}）" if lang == "zh" else f"{entry.title} ({series})"


def first_sentence(totals: pd.DataFrame, lang: str = "en", choices: pd.DataFrame | None = None) -> str:
    """Whether the model beats its best rival, over all series and flows of choices that were scored."""
    return sentences(totals, lang, choices)[0]


def sentences(totals: pd.DataFrame, lang: str = "en", choices: pd.DataFrame | None = None) -> list[str]:
    """The first sentence and, of several comparisons, one sentence for each."""
    rows = [_compared(each) for _name, each in totals.groupby("series", sort=False)]
    rows = [*(row for row in rows if row), *_of_choices(choices)]
    verdicts = [_begun(translate(_verdict(row, lang), lang)) for row in rows]
    if len(rows) == 1:
        return verdicts
    if not rows:
        none = _("There is no rival to compare the model with: there are too few observations up to the origin.")
        return [translate(none, lang)]
    ahead = sum(row["verdict"] == "ahead" for row in rows)
    head = _("The model beats its best rival in {ahead} of {all} comparisons.", ahead=ahead, all=len(rows))
    return [translate(head, lang), *verdicts]


def _compared(each):
    """The best rival of a series and how the model stands to it; empty if it has none."""
    if not (each["forecaster"] != MODEL).any():
        return {}
    best, model = scored.best_rival(each), each[each["forecaster"] == MODEL].iloc[0]
    gap, se = best["crps_difference"], best["crps_se"]
    unclear = abs(gap) <= CERTAIN * se if np.isfinite(se) else gap == 0
    verdict = "unclear" if unclear else "ahead" if gap < 0 else "behind"
    return {"series": best["series"], "measure": best["measure"], "rival": best["forecaster"],
            "model": model["crps"], "other": best["crps"],
            "n": int(best["n"]), "gap": gap, "se": se, "verdict": verdict, "each": best["crps_differences"]}


def _of_choices(choices: pd.DataFrame | None) -> list[dict[str, Any]]:
    """How the model stands to the best rival of every flow, all years ahead together."""
    if choices is None or not len(choices):
        return []
    found = []
    for flow, each in choices[choices["ahead"] == 0].groupby("flow", sort=False):
        others = each[(each["forecaster"] != MODEL) & (each["difference"].abs() >= SAME)]
        best = others.sort_values("log_score", kind="stable").iloc[0]
        model = each[each["forecaster"] == MODEL].iloc[0]
        certain = abs(best["difference"]) > CERTAIN * best["se"]
        verdict = "unclear" if not certain else "ahead" if best["difference"] < 0 else "behind"
        found.append({"series": translate(FLOWS[str(flow)], "en"), "flow": str(flow), "rival": best["forecaster"],
                      "model": model["log_score"], "other": best["log_score"], "n": int(best["n"]),
                      "gap": best["difference"], "se": best["se"], "verdict": verdict, "each": ""})
    return found


def _verdict(row: dict[str, Any], lang: str) -> Message:
    texts = {"ahead": _("{series}: the model beats its best rival, {rival}"),
             "behind": _("{series}: the model does not beat its best rival, {rival}"),
             "unclear": _("{series}: the model and its best rival, {rival}, cannot be told apart")}
    template = texts[row["verdict"]].template
    series = FLOWS[row["flow"]] if "flow" in row else label(row["series"], row["measure"], lang)
    said = _(template, series=series, rival=name_of(row["rival"], lang))
    numbers = _(": log score {model:.4g} against {other:.4g}", model=row["model"], other=row["other"]) \
        if "flow" in row else _(": CRPS {model:.3g} against {other:.3g}", model=row["model"], other=row["other"])
    return joined("", [said, numbers, _error(row)])


def _begun(sentence: str) -> str:
    """A sentence with a capital first letter; Chinese stays as it is."""
    return sentence[:1].upper() + sentence[1:]


def _error(row: dict[str, Any]) -> Message:
    if np.isfinite(row["se"]):
        return _(" (difference {gap}, standard error {se:.2g}, n = {n}).", gap=_minus(f"{row['gap']:+.3g}"),
                 se=row["se"], n=row["n"])
    each = joined(_(", "), row["each"].strip("()").replace("-", "−").split(", "))
    return _(" (n = {n}, too few for a standard error; differences {each}).", n=row["n"], each=each)


def markdown(totals: pd.DataFrame, left: Iterable[Left], choices: pd.DataFrame, lang: str = "en") -> str:
    """The first sentence, the tables of forecasters, and what is left out, as Markdown."""
    tables = [markdown_tables.table(HEAD, cells(totals, lang), lang).strip()] if len(totals) else []
    if len(choices):
        tables.append(markdown_tables.table(CHOICE_HEAD, choice_cells(choices, lang), lang).strip())
    out = [translate(_("Left out: {series}: {why}.", series=each.series, why=each.why), lang) for each in left]
    first, *others = sentences(totals, lang, choices)
    each = ["\n".join(f"- {other}" for other in others)] if others else []
    return "\n\n".join([first, *each, *tables, *(["\n".join(out)] if out else [])]) + "\n"


def choice_cells(choices: pd.DataFrame, lang: str) -> list[list[str]]:
    """Rows of texts under CHOICE_HEAD: all years ahead together, then one year ahead."""
    rows = []
    for row in choices[choices["ahead"] <= 1].to_dict("records"):
        own = row["forecaster"] == MODEL
        rows.append([translate(FLOWS[row["flow"]], lang), translate(_("all"), lang) if row["ahead"] == 0 else "1",
                     name_of(row["forecaster"], lang), str(row["n"]), f"{row['log_score']:.4f}",
                     "–" if own else f"{row['difference']:+.4f}", "–" if own else f"{row['se']:.4f}"])
    return rows


def cells(totals: pd.DataFrame, lang: str) -> list[list[str]]:
    """Rows of texts under HEAD, the model first in each series, then its rivals by CRPS."""
    rows = []
    for name, each in totals.groupby("series", sort=False):
        order = each.sort_values("crps", kind="stable")
        order = order.loc[sorted(order.index, key=lambda k: each.loc[k, "forecaster"] != MODEL)]
        rows += [[str(name), name_of(row["forecaster"], lang), str(int(row["n"])),
                  *_scores(row, "crps"), *_scores(row, "log_score"), f"{row['coverage50']:.0%}",
                  f"{row['coverage90']:.0%}", f"{row['width90']:.3g}"] for row in order.to_dict("records")]
    return rows


def short_cells(totals: pd.DataFrame, lang: str) -> list[list[str]]:
    """Rows of texts under SHORT_HEAD: a difference and its standard error in one cell."""
    return [[*row[:4], _with_error(*row[4:6]), row[6], _with_error(*row[7:9]), *row[9:]] for row in cells(totals, lang)]


def _with_error(gap, error):
    return gap if error == "–" else f"{_minus(gap)} ({error})"


def _minus(number):
    """A number with the minus sign of sentences."""
    return number.replace("-", "−", 1) if number.startswith("-") else number


def _scores(row, score):
    if row["forecaster"] == MODEL:
        return [f"{row[score]:.3g}", "–", "–"]
    se = row[f"{score}_se"]
    return [f"{row[score]:.3g}", f"{row[f'{score}_difference']:+.3g}", "–" if np.isnan(se) else f"{se:.2g}"]
