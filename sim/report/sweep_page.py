"""The page of a sweep: what was varied, what the result depends on, figures and tables; from its folders alone."""

import datetime
import functools
import io
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base import provenance, stored
from sim.base.csv_files import read_csv
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import LANGUAGES, _
from sim.base.word_tables import Words
from sim.experiments.sensitivity import analyse, quantity
from sim.experiments.sensitivity import folder as analysis_folder
from sim.experiments.sensitivity.quantity import Swept
from sim.plots.common.words import moment, title_of
from sim.plots.sensitivity import registry
from sim.plots.sensitivity.frame import begun
from sim.plots.sensitivity.words import scalar
from sim.plots.sensitivity.words import word as plot_word
from sim.report import run_page
from sim.report.figures import picture
from sim.report.render import write_all
from sim.report.tables import Table, number
from sim.report.words import known, unit, word

ANALYSIS = "analysis"
ORDER = ("heat_map", "sobol", "morris", "tornado", "phases", "persistence", "regret", "ranks")
NAMED = {"plane": "heat_map"}                          # a figure's file -> its entry, where they differ
SECTIONS = {"compared": "swept", "figures": "figures", "tables": "tables", "reproduce": "provenance"}
COLUMNS = Words("sweep_pages", section="columns")
MOST_VALUES = 12


def make(folder: Path, languages: Sequence[str]) -> list[Path]:
    """Analyse the sweep in a folder as it was asked for before, else by default, and write its pages; their paths."""
    place = folder if (folder / analysis_folder.CONTENT).is_file() else folder / ANALYSIS
    said = _said(place)
    swept = quantity.swept(Path(said["sweep"]) if said else folder, said.get("experiment", ""))
    asked = analyse.Asked(**{**said.get("request", {}), "effects": tuple(said.get("request", {}).get("effects", ()))})
    analysis_folder.write(place, swept, asked, list(analyse.analyse(swept, asked)), languages)
    return write(place, languages)


def write(place: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write the pages of an analysis that has been drawn; their paths."""
    said = _said(place)
    swept = quantity.swept(Path(said["sweep"]), said["experiment"])
    return write_all(place, "sweep.html", functools.partial(content, place, said, swept), languages,
                     analysis_folder.Names(swept).words)


def _said(place):
    """analysis.json, {} where there is none."""
    path = place / analysis_folder.CONTENT
    if not path.is_file():
        return {}
    try:
        found = json.loads(stored.content(path))
    except (ValueError, RecursionError) as error:
        raise CorruptError(_("{path}: not readable as JSON: {error}", path=path, error=str(error))) from error
    if not isinstance(found, dict) or not {"sweep", "experiment", "request", "files"} <= set(found):
        raise CorruptError(_("{path}: this is not what an analysis says of itself", path=path))
    if not Path(found["sweep"]).is_dir():
        raise InputError(Problem(str(path), "", _("the sweep that was analysed is no longer in {folder}",
                                                  folder=found["sweep"]), "",
                                 _("run the same `sim sensitivity` command again")))
    return found


def content(place: Path, said: dict[str, Any], swept: Swept, lang: str) -> dict[str, Any]:
    """What the page of an analysis says in a language, by the names that its template uses."""
    names, asked = analysis_folder.Names(swept), said["request"]
    drawn = _pictures(place, names, lang)
    attrs, coords = names.attributes()
    period = {key: moment(quarter, lang) for key, quarter in zip(("first", "last"), coords["quarter"], strict=True)}
    return {"title": attrs["title_zh" if lang == "zh" else "title"], "contents": run_page.contents(SECTIONS, lang),
            "lead": _lead(drawn, _what(drawn, swept, asked, names, lang), lang),
            "facts": _facts(swept, names, period, lang), "axes": _axes(swept, names, lang),
            "pictures": [one for one, _scenario in drawn],
            "tables": [_table(place, name, said["sha256"].get(name), names, lang) for name in said["files"]
                       if name.endswith(".csv")],
            "provenance": _provenance(said, place, lang),
            "version": provenance.program(said["versions"])}


def _lead(drawn, what, lang):
    """What the most telling figure finds, with the quantity that was analysed."""
    if not drawn:
        return begun(what)
    found = drawn[0][0].finding
    return found if what[1:] in found else f"{begun(what)}{word('colon', lang)}{found}"


def _what(drawn, swept, asked, names, lang):
    """The quantity of the first figure in words: the effect or level of a scenario, or the output of all of them."""
    said, scenario = scalar(asked["column"], names.spoken(lang)), drawn[0][1] if drawn else ""
    if not scenario:
        return said
    level = asked["levels"] or not (asked["against"] or quantity.reference(swept))
    return plot_word("level_of" if level else "effect_of", lang, scenario=names.scenario(scenario, lang), what=said)


def _pictures(place, names, lang):
    """[(figure, scenario that it is of)] of the analysis, the most telling first; each by its scenario's title."""
    found = []
    for path in sorted(place.glob(f"*.{lang}.svg")):
        kind, _dot, scenario = path.name.removesuffix(f".{lang}.svg").partition(".")
        kind = NAMED.get(kind, kind)
        if kind in registry.names():
            title = title_of(registry.get(kind), lang)
            whose = word("of_scenario", lang, title=title, name=names.scenario(scenario, lang)) if scenario else title
            found.append((ORDER.index(kind), picture(path, path.name.replace(".", "-"), whose), scenario))
    return [(one, scenario) for _place, one, scenario in sorted(found, key=lambda each: each[0])]


def _facts(swept, names, period, lang):
    listed = word("semicolon", lang).join(names.scenario(name, lang) for name in swept.scenarios)
    scenarios, points, replicates = swept.shape
    return [(word("scenario", lang), listed), (word("period", lang), word("period_is", lang, **period)),
            (word("runs_of_sweep", lang), word("runs_of_sweep_are", lang, points=f"{points:,}", scenarios=scenarios,
                                               replicates=replicates, runs=f"{points * scenarios * replicates:,}",
                                               failed=f"{int(swept.failed.sum()):,}")),
            (word("design", lang), known(f"design {swept.defined['design']}", lang).removeprefix("design "))]


def _axes(swept, names, lang):
    """[(what an axis is, its key and values)]."""
    found = []
    for axis in swept.axes:
        values = sorted(set(swept.columns[axis]), key=lambda value: _by_size(str(value)))
        few = len(values) <= MOST_VALUES
        told = word("comma", lang).join(map(_written, values)) if few else \
            word("range_of", lang, low=_written(values[0]), high=_written(values[-1]))
        told += f" {unit(names.unit(axis), lang)}" if names.unit(axis) else ""
        keys = ", ".join(swept.defined["axes"][axis]["keys"])
        found.append((names.axis(axis, lang), word("named", lang, title=told, name=keys)))
    return found


def _written(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _by_size(text):
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _table(place, name, digest, names, lang):
    """A CSV of the analysis that is as it was written as a table of the page, its columns in words where they are."""
    table = read_csv(io.BytesIO(stored.required_content(place / name, digest)))
    kind = NAMED.get(name.split(".")[0], name.split(".")[0])
    title = title_of(registry.get(kind), lang) if kind in registry.names() else name
    return Table(word("t_analysis", lang, title=title, file=name), *in_words(table, names, lang))


def in_words(table: pd.DataFrame, names: analysis_folder.Names, lang: str) -> tuple[list[str], list[list[str]]]:
    """(heads, rows of cells) of a table of an analysis as readers of a language see it; levels have no phase."""
    if "phase" in table and table["phase"].replace("", None).isna().all():
        table = table.drop(columns="phase")
    head = [COLUMNS(one, lang) if one in COLUMNS else names.axis(one, lang) for one in table.columns]
    return head, [[_cell(column, value, names, lang) for column, value in row.items()]
                  for row in table.to_dict("records")]


def _cell(column, value, names, lang):
    if column in ("scenario", "over"):
        return names.scenario(str(value), lang)
    if column == "axis":
        return names.axis(str(value), lang)
    if column == "phase":
        return plot_word(value, lang) if isinstance(value, str) and value else "–"
    if isinstance(value, str | datetime.date):
        return str(value)
    if value != value:                                                   # it was not measured
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else number(value, False)


def _provenance(said, place, lang):
    rows = [(word("analysed", lang), said["sweep"]), (word("redraw", lang), shlex.join(["sim", "report", str(place)])),
            (word("key_of_sweep", lang), said["key"])]
    return run_page.with_versions(rows, said["versions"], lang)
