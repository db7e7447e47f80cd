"""The explorer's page as bytes: what it shows as JSON, the front end and the characters that it needs, in one file."""

import base64
import functools
import hashlib
import json
import os
import pathlib
import string
from typing import Any

import xarray as xr

from sim.base import provenance
from sim.base.messages import LANGUAGES
from sim.base.own_words import RINGLESS, has_rings, spoken
from sim.base.word_tables import Words
from sim.config.layers import setting
from sim.config.parameters import UNTOLD
from sim.config.toml_file import format_value
from sim.experiments.compare.run_levels import closes
from sim.experiments.explorer import sample
from sim.experiments.explorer.controls import Control, Opened
from sim.experiments.explorer.design import Designed
from sim.experiments.explorer.opening import Asked
from sim.plots.common import words as figure_words
from sim.report import fonts, words
from sim.report.explorer import answers
from sim.report.explorer.ground import ground
from sim.results import from_outcomes

FRONT = pathlib.Path(__file__).parent / "front"
SCRIPTS = ("data", "drawing", "map", "figures", "controls", "keeping", "live", "app")      # in this order
MOST_BYTES = 3_000_000         # of a saved page, so that it can be mailed
OWN = ("zone", "towns", "origin", "rings")     # blanks that the region fills
word = Words("explorer")


def saved(designed: Designed, asked: Asked, lang: str, most: int = MOST_BYTES) -> bytes:
    """The page of a design, which needs nothing beside itself, with as much detail as fits into `most` bytes."""
    from sim.experiments.explorer import design

    first = next(one for one in designed.samples if one is not None)
    content = about(designed.opened, asked, lang)
    content |= {"mode": "saved", "replicates": designed.replicates, "points": len(designed.samples),
                "errors": {measure: list(found) for measure, found in design.errors(designed).items()}}
    made = b""
    for detail in answers.LESS:
        made = page(content | {"answers": answers.blocks(designed.samples, first.here.axes, detail=detail)})
        if len(made) <= most:
            break
    return made


def about(opened: Opened, asked: Asked, lang: str) -> dict[str, Any]:
    """What a page says before any number: titles, controls, names, map, words."""
    data = from_outcomes.without_outcomes(opened.region, opened.scenario)
    title = asked.titles if asked.titles[0] else opened.scenario.titles
    files = {name: os.path.normpath(getattr(opened, name).path) for name in ("scenario", "baseline")}
    years = [int(one[:4]) for one in data["quarter"].to_numpy()[closes(data["quarter"].to_numpy().astype(str))]]
    titles = {"page": title, "scenario": opened.scenario.titles, "baseline": opened.baseline.titles}
    return {**frame(data, lang), "years": years, "titles": {name: list(each) for name, each in titles.items()},
            "controls": [_control(each) for each in opened.controls],
            "files": {**files, "given": list(asked.given)}, "fixed": [_fixed(text) for text in asked.settings],
            "shared": [one.name for one in opened.controls if one.paths[0][0] != "policies"]}


def frame(data: xr.Dataset, lang: str) -> dict[str, Any]:
    """Names, map and words of the region of a run's dataset."""
    names = {kind: {key: list(words) for key, words in found.items()} for kind, found in sample.names_of(data).items()}
    if not has_rings(spoken("", data.attrs)):
        outside = [figure_words.word(figure_words.OUTSIDE, spoken(each, data.attrs)) for each in LANGUAGES]
        names["ring"] = {key: outside for key in names["ring"] if key == figure_words.OUTSIDE}
    return {"lang": lang, "names": names, "map": ground(data), "version": provenance.program(provenance.versions()),
            "words": {each: _words(spoken(each, data.attrs)) for each in LANGUAGES}}


def page(content: dict[str, Any], nonce: str = "") -> bytes:
    """The page as UTF-8; with a nonce it is a server's, whose policy is in its header, else it brings its own."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    style = _face(data) + (FRONT / "explorer.css").read_text("utf-8")
    script = "\n".join((FRONT / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    lang = content["lang"]
    said = dict(lang="zh-Hans" if lang == "zh" else "en", title=content["titles"]["page"][LANGUAGES.index(lang)],
                old=content["words"][lang]["old_browser"], data=data, script=script, style=style, nonce=nonce,
                policy="" if nonce else policy(f"'{_digest(script)}'", f"'{_digest(style)}'"))
    return _template().render(said).encode("utf-8", "backslashreplace")


def policy(script: str, style: str, connect: str = "'none'") -> str:
    """A content security policy that allows one script, one style sheet, and pictures that the page makes itself."""
    return (f"default-src 'none'; script-src {script}; style-src {style}; img-src data: blob:; font-src data:; "
            f"connect-src {connect}; base-uri 'none'; form-action 'none'")


@functools.lru_cache(maxsize=4)
def _face(text: str) -> str:
    """The characters of a page, which a server makes once and not for every visit."""
    return fonts.face(text)


def _control(each: Control) -> dict[str, Any]:
    return {"name": each.name, "paths": [list(path) for path in each.paths], "kind": each.kind,
            "titles": list(each.titles), "of": list(each.of), "units": _units(each.unit), "value": each.value,
            "low": each.low, "high": each.high, "step": each.step, "values": list(each.values)}


def _units(unit: str) -> list[str]:
    """A unit in both languages, "" where numbers have none."""
    return [""] * len(LANGUAGES) if unit in UNTOLD else [words.unit(unit, lang) for lang in LANGUAGES]


def _fixed(text: str) -> dict[str, Any]:
    """A "key=value" text as key path and what a TOML file says for its value."""
    data: Any = setting(text).data
    path: list[str] = []
    while isinstance(data, dict) and len(data) == 1:
        (key, data), = data.items()
        path.append(key)
    return {"path": path, "value": format_value(data)}


def _words(lang):
    """The page's words in a language; blanks that are not the region's stay for the page to fill."""
    return {key: word(key, lang, **{name: "{" + name + "}" for name in _blanks(text)})
            for key, text in word.texts.items() if not key.endswith(f"_{RINGLESS}")}


def _blanks(text):
    return {name for _text, name, *_rest in string.Formatter().parse(text) if name} - set(OWN)


def _digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def _template():
    import jinja2
    from markupsafe import Markup

    made = jinja2.Environment(loader=jinja2.FileSystemLoader(FRONT), autoescape=True, undefined=jinja2.StrictUndefined)
    made.filters["raw"] = Markup                               # our own script and style, and JSON without "<"
    return made.get_template("explorer.html")
