"""What an analysis of a sweep leaves in its folder: a table each, figures in both languages, a manifest."""

import contextlib
import dataclasses
import datetime
import functools
import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.base import files, plain_files, provenance, stored
from sim.base.calendar import label, quarter_of
from sim.base.errors import InputError, SimError
from sim.base.messages import LANGUAGES, _
from sim.base.own_words import Language, spoken
from sim.config.parameters import UNTOLD, rows_by_path
from sim.experiments.sensitivity.analyse import Analysis, Asked
from sim.experiments.sensitivity.quantity import Quantity, Swept
from sim.experiments.titles import told_apart
from sim.plots.sensitivity import registry
from sim.plots.sensitivity.words import scalar, word
from sim.policies import Policy
from sim.region import load as region_files
from sim.results import summary
from sim.runs import identity, output_folder, processor
from sim.scenario import load as scenario_files
from sim.scenario import parameter_paths

CONTENT, FORMATS = identity.ANALYSIS, ("svg", "png")
TEXT = ("axis", "scenario", "over", "low", "high")


class Names:
    """Names of axes and scenarios in both languages, from the resolved scenarios in a sweep's folder."""

    def __init__(self, sweep: Swept) -> None:
        self.sweep, self.scenarios = sweep, {}
        for name in sweep.scenarios:
            path = identity.file_of(sweep.folder, f"scenarios/{sweep.name}.{name}.toml")
            try:
                if path:
                    self.scenarios[name] = dataclasses.replace(scenario_files.load(str(path)), path=f"{name}.toml")
            except InputError:
                continue                                  # made elsewhere: the names themselves must do

    @functools.cached_property
    def words(self) -> dict[str, Any]:
        """The own words of the region of the first scenario whose region is there, and its jurisdictions' names."""
        for loaded in self.scenarios.values():
            with contextlib.suppress(SimError):
                found = region_files.load(loaded.values.region)
                named = found.jurisdictions[["name_en", "name_zh"]]
                return {**found.words, "jurisdictions": dict(zip(named.index, named.to_numpy().tolist()))}
        return {}

    def spoken(self, lang: str) -> Language:
        """A language with the region's words."""
        return Language(lang, self.words)

    def scenario(self, name: str, lang: str) -> str:
        """Title of a scenario, unlike that of any other."""
        return self._titles[lang].get(name, name)

    @functools.cached_property
    def _titles(self):
        """Language -> name -> title."""
        return {lang: told_apart({name: loaded.titles[k] for name, loaded in self.scenarios.items()}, lang)
                for k, lang in enumerate(LANGUAGES)}

    def axis(self, name: str, lang: str) -> str:
        """The title of an axis, else what its first parameter is, else its name."""
        title = _titled(self._axes.get(name, {}), lang)
        if title:
            return title
        row = self._row(name)
        return self._of_policy(name, row.doc_in(lang), lang) if row else name

    def _of_policy(self, name, what, lang):
        """What a parameter of a policy is, after the policy's title: those of others are called alike."""
        table, policy = [*self.sweep.defined["axes"][name]["keys"][0].split("."), ""][:2]
        for loaded in self.scenarios.values() if table == "policies" else ():
            if found := loaded.values.policies.get(policy):
                title = _titled({"title": found.title, "title_zh": found.title_zh}, lang)
                return word("of_policy", lang, policy=title or policy, what=what)
        return what

    def noted(self, key: str, parts: dict[str, Any], lang: str) -> str:
        """A note of an analysis in words, a scenario in it by its title."""
        told = {part: self.scenario(value, lang) if part == "name" else value for part, value in parts.items()}
        return word(key, lang, **told)

    def unit(self, name: str) -> str:
        """Unit of an axis, "" where its numbers have none."""
        row = self._row(name)
        return row.unit if row and row.unit not in UNTOLD else ""

    @functools.cached_property
    def _axes(self):
        """Axis -> its table in the sweep's file, which titles it."""
        said = _said(self.sweep.folder)
        return {**said.get("axes", {}), **said.get("experiments", {}).get(self.sweep.name, {}).get("axes", {})}

    def _row(self, name):
        """The declaration of the first parameter of an axis, None where no scenario has it."""
        keys = self.sweep.defined["axes"].get(name, {}).get("keys", ())
        for loaded in self.scenarios.values() if keys else ():
            for path in _paths(keys[0]):
                found = parameter_paths.target(loaded, path)
                if found:
                    return found.row
        path = tuple(keys[0].split(".")) if keys else ()                  # of a regime's parts together
        return rows_by_path(Policy).get(path[2:]) if path[:1] == ("policies",) else None

    def text(self, quantity: Quantity, lang: str) -> str:
        """A quantity in words."""
        said = scalar(quantity.column, self.spoken(lang))
        key = "effect_of" if quantity.against else "level_of"
        return word(key, lang, scenario=self.scenario(quantity.scenario, lang), what=said)

    def attributes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What stands around a figure."""
        defined = self.sweep.defined["scenarios"][self.sweep.scenarios[0]]
        first, last = (quarter_of(datetime.date.fromisoformat(str(defined["time"][key]))) for key in ("start", "end"))
        title, title_zh = _titles(self.sweep.folder)
        attrs = {"title": title, "title_zh": title_zh, "scenario": ", ".join(self.sweep.scenarios),
                 "region": defined.get("region", ""), "words": json.dumps(self.words)}
        return attrs, {"quarter": [label(first - 1), label(last)]}


def write(folder: str | Path, sweep: Swept, asked: Asked, analyses: Iterable[Analysis],
          languages: Sequence[str]) -> Path:
    """CSV of every analysis, its figure as <name>.<language>.svg and .png, and analysis.json; the folder."""
    folder, names = files.open_folder(folder), Names(sweep)
    output_folder.refuse_others(folder, output_folder.ANALYSIS, (), remedy=_("choose another --out"))
    said = {"sweep": str(sweep.folder),
            "key": identity.read(sweep.folder)[0],  # type: ignore[index]  # a sweep's folder has one
            "experiment": sweep.name,
            "request": asked._asdict(), "failed_runs": int(sweep.failed.sum()), "versions": provenance.versions(),
            "processor": processor.used()}
    written, same = {}, _is_of(folder, said)
    for each in analyses:
        if each.kind != "phases":                        # its cells are those of the heat map
            name = f"{each.name}.csv"
            written[name] = files.write_checked(plain_files.child(folder, name), summary.csv_of(each.table))
        drawn = each.kind != "persistence" or each.data is not None       # what lasts, over two axes; else the table
        for lang in LANGUAGES if drawn else ():
            if lang in languages:
                _draw(dataset(sweep, each, names, asked), folder, each, lang)
            written |= _figures(folder, each, lang, keep=same or lang in languages)
    files.write_json(folder / CONTENT, {**said, "files": list(written), "sha256": written})
    return folder


def _is_of(folder, said):
    """Whether the folder holds the same analysis already, perhaps drawn in another language."""
    try:
        before = json.loads((folder / CONTENT).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(before, dict) and {key: before.get(key) for key in said} == json.loads(json.dumps(said))


def _figures(folder, analysis, lang, keep):
    """Figure -> hash of an analysis' figures in a language that are there; those of another are removed."""
    paths = [folder / f"{analysis.name}.{lang}.{kind}" for kind in FORMATS]
    with files.writing(folder):
        for path in () if keep else paths:
            path.unlink(missing_ok=True)
    return {path.name: stored.sha256(path) for path in paths if path.exists()}


def dataset(sweep: Swept, analysis: Analysis, names: Names, asked: Asked) -> xr.Dataset:
    """The labelled Dataset that a figure shows."""
    attrs, coords = names.attributes()
    for lang in LANGUAGES:
        attrs[f"notes_{lang}"] = "\n".join(names.noted(key, parts, lang) for key, parts in analysis.notes)
        attrs[f"what_{lang}"] = names.text(analysis.quantity, lang) if analysis.quantity else \
            scalar(asked.column, names.spoken(lang))
    attrs |= {"confidence": asked.confidence}
    if analysis.data is not None:
        return _plane(analysis, names, attrs, coords)
    attrs |= {"points": dict(analysis.notes).get("points", {}).get("n", 0),
              "overall": float(np.nanmean(analysis.quantity.mean)) if analysis.quantity else np.nan}
    columns = {name: ("row", values.to_numpy()) for name, values in analysis.table.items() if name not in TEXT}
    return xr.Dataset(columns, coords=coords | _rows(analysis, names), attrs=attrs)


def _rows(analysis, names):
    """Coordinates that name the rows of a table."""
    table, coords = analysis.table, {}
    if analysis.kind == "ranks":
        pairs = list(zip(table["scenario"], table["over"]))
        coords["row"] = np.array([f"{one} > {other}" for one, other in pairs], dtype=object)
        for lang in LANGUAGES:
            ends = [[names.scenario(name, lang) for name in pair] for pair in pairs]
            coords[f"first_{lang}"] = ("row", np.array([one for one, _ in ends], dtype=object))
            coords[f"other_{lang}"] = ("row", np.array([other for _, other in ends], dtype=object))
            coords[f"row_{lang}"] = ("row", np.array([word("pair", lang, first=one, other=other)
                                                      for one, other in ends], dtype=object))
        return coords
    key, name = ("scenario", names.scenario) if analysis.kind == "regret" else ("axis", names.axis)
    coords["row"] = table[key].to_numpy(dtype=object)
    return coords | {f"row_{lang}": ("row", np.array([name(each, lang) for each in table[key]], dtype=object))
                     for lang in LANGUAGES}


def _plane(analysis, names, attrs, coords):
    cells = analysis.data
    axes = {f"{end}_{lang}": names.axis(cells.attrs[f"{end}_axis"], lang) for end in ("x", "y") for lang in LANGUAGES}
    axes |= {f"{end}_unit": names.unit(cells.attrs[f"{end}_axis"]) for end in ("x", "y")}
    more = {"replicates": analysis.quantity.values.shape[1]}
    return cells.assign_coords(coords).assign_attrs(attrs | axes | more)


def _draw(data, folder, analysis, lang):
    """Draw a figure in one language; name -> hash of its files."""
    from sim.plots.common import save

    figure = save.draw(registry.get(analysis.kind), data, spoken(lang, data.attrs))
    with files.writing(folder):
        for kind in FORMATS:
            save.write(figure, plain_files.child(folder, f"{analysis.name}.{lang}.{kind}"))


def _paths(key):
    """Key paths that a dotted key may have in a resolved file, where parts of a regime are policies."""
    path = tuple(part.strip('"') for part in key.split("."))
    yield path
    if path[0] == "policies" and len(path) > 3:
        yield ("policies", f"{path[1]}-{path[2]}", *path[3:])


def _said(folder):
    """The sweep's file; {} where it cannot be read."""
    path = identity.file_of(Path(folder), "sweep.toml")
    try:
        return tomllib.loads(stored.content(path).decode("utf-8")) if path else {}
    except ValueError:
        return {}


def _titles(folder):
    """Titles of the sweep, from its file."""
    said = _said(folder)
    return tuple(_titled(said, lang) or Path(folder).name for lang in LANGUAGES)


def _titled(said, lang):
    """The title that a table has in a language, else in English, else ""."""
    return lang == "zh" and said.get("title_zh") or said.get("title", "")


