"""The page of a back-test, and its figure, from the tables in its folder alone."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base import provenance
from sim.base.messages import LANGUAGES, known
from sim.experiments.backtest import folder as tables_of
from sim.experiments.backtest import measures, said
from sim.experiments.backtest.draws import MODEL
from sim.plots.backtest import registry
from sim.plots.backtest.backtest import Shown
from sim.plots.common import save
from sim.report.figures import Picture, png_uri
from sim.report.render import write_all
from sim.report.run_page import minute, with_versions
from sim.report.tables import Table, number
from sim.report.words import word

MOST_TARGETS = 400             # rows of a page; scores.csv has all
LEAST_POWER = 0.001            # of a likelihood, below which it is not told to its last digit


def write(folder: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write report.html and report.zh.html, or one of them, and the figures into the folder; the paths of the pages."""
    folder = Path(folder)
    found = tables_of.read(folder)
    return write_all(folder, "backtest.html", functools.partial(content, folder, *found), languages, found[0]["words"])


def content(folder: Path, about: Mapping[str, Any], scores: pd.DataFrame, totals: pd.DataFrame, left: pd.DataFrame,
            lang: str) -> dict[str, Any]:
    """What the page says in a language, by the names that its template uses."""
    choices = tables_of.choice_summary(folder)
    title = about["title_zh" if lang == "zh" else "title"]
    return {"title": word("backtest_title", lang, title=title), "findings": said.sentences(totals, lang, choices),
            "facts": _facts(about, lang), "pictures": _pictures(folder, about, scores, totals, lang),
            "table": Table("", [known(each, lang) for each in said.SHORT_HEAD], said.short_cells(totals, lang)),
            "choices": Table("", [known(each, lang) for each in said.CHOICE_HEAD], said.choice_cells(choices, lang))
            if len(choices) else None, "targets": _targets(scores, lang), "left": _left(left, lang),
            "provenance": with_versions([(word("command", lang), about["command"]), (word("seed", lang), about["seed"]),
                                         *((name, digest) for name, digest in about["sha256"].items())],
                                        about["versions"], lang),
            "version": provenance.program(about["versions"])}


def _facts(about, lang):
    comma = word("comma", lang)
    weights = word("semicolon", lang).join(
        word("backtest_weight", lang, day=origin, power=_power(each["power"]), n=each["effective_draws"])
        for origin, each in about["weights"].items())
    title, region = (about.get(f"{key}_zh" if lang == "zh" else key, "") for key in ("title", "region_title"))
    return [(word("scenario", lang), word("named", lang, title=title, name=Path(about["scenario"]).name)),
            (word("region", lang), region or about["region"]),
            (word("backtest_series", lang), about["series"]),
            *((word("backtest_choice_files", lang), each) for each in about.get("choices", ())),
            *((word("backtest_earlier", lang), each[lang == "zh"]) for each in about.get("earlier", ())),
            (word("backtest_origins", lang), comma.join(about["origins"])),
            (word("backtest_before", lang),
             word("backtest_restarts" if about["restarts"] else "backtest_weighed", lang)),
            (word("backtest_draws", lang), word("backtest_draws_are", lang, n=about["draws"], per=about["per_draw"])),
            *([(word("backtest_failed", lang), word("backtest_failed_are", lang, n=about["draws_failed"]))]
              if about["draws_failed"] else []),
            *([(word("backtest_weights", lang), weights)] if weights else []),
            (word("backtest_written", lang), minute(about["written"]))]


def _power(value):
    """A power in three digits; of one that leaves next to nothing of the data no more than that."""
    return f"{value:.3g}" if value == 0.0 or value >= LEAST_POWER else f"< {LEAST_POWER}"


def _pictures(folder, about, scores, totals, lang):
    """A figure for every series, drawn here, stored beside the page and put into it."""
    names = {name: said.name_of(name, lang) for name in totals["forecaster"]}
    entry, found = registry.get("backtest"), []
    (folder / "figures").mkdir(exist_ok=True)
    for series, mine in totals.groupby("series", sort=False):
        label = said.label(str(series), mine["measure"].iloc[0], lang)
        shown = Shown(scores[scores["series"] == series], mine, names, label, said.first_sentence(mine, lang), about,
                      measures.registry.get(mine["measure"].iloc[0]).counts)
        figure = save.draw(entry, shown, lang)
        paths = [save.write(figure, folder / "figures" / f"backtest-{series}.{lang}.{kind}") for kind in save.FORMATS]
        title = entry.titles[lang == "zh"] + word("colon", lang) + label
        found.append(Picture(f"backtest-{series}", title, shown.finding, png_uri(paths[-1].read_bytes())))
    return found


def _targets(scores, lang):
    model = scores[scores["forecaster"] == MODEL].head(MOST_TARGETS)
    head = [word(key, lang) for key in ("backtest_place", "backtest_origin", "backtest_date", "backtest_observed",
                                        "backtest_mean", "backtest_q05", "backtest_q95", "backtest_crps")]
    rows = [[" ".join(str(each) for each in (row.series, row.area, row.industry, row.to) if each == each and each),
             str(row.origin), str(row.date), number(row.observed, False), number(row.mean), number(row.q05, False),
             number(row.q95, False), number(row.crps)] for row in model.itertuples()]
    return Table("", head, rows)


def _left(left, lang):
    if not len(left):
        return None
    return Table("", [word("backtest_series", lang), word("backtest_why", lang)],
                 [[str(row.series), str(row.why if lang != "zh" else row.why_zh)] for row in left.itertuples()])
