"""`sim list`"""

import importlib
import pathlib
import unicodedata

import click

from sim.base.errors import InputError, printable
from sim.base.messages import _, joined, known, translate
from sim.base.own_words import RINGLESS, fill
from sim.cli import _completion, _console, _options

REGISTRIES: dict[str, str] = {_("terms"): "sim.terms", _("instruments"): "sim.policies", _("metrics"): "sim.metrics",
           _("plots"): "sim.plots.run", _("comparison-plots"): "sim.plots.comparison",
           _("theorems"): "sim.verification.theorems", _("measures"): "sim.experiments.backtest.measures"}
KINDS = (_("scenarios"), _("worlds"), _("regimes"), _("regions"), *REGISTRIES)
PLACES = {_("sites"): ("jurisdiction", "ring"), _("industries"): (), _("stations"): ("mode", "opened"),
          _("jurisdictions"): ("province",)}      # tables of a region, with what stands beside the name
PARAMETERS = _("parameters")
DEFAULT_REGION, BASELINE = "yrd-zone", "scenarios/baseline.toml"


@click.command("list")
@click.argument("kind", type=click.Choice([*KINDS, *PLACES, PARAMETERS]), required=False, metavar="[KIND]")
@click.option("--region", default=DEFAULT_REGION, show_default=True, metavar="NAME",
              shell_complete=_completion.regions,
              help="Region, or its folder, whose places and industries are listed.")
@_options.as_json
@_options.lang
def command(kind: str | None, region: str, as_json: bool, lang: str) -> None:
    """List what is available, of one KIND or of all.

    Places, industries and parameters are listed on request. Scenario files take their ids, and the English
    and Chinese names too.

    \b
    Examples:
      sim list
      sim list instruments
      sim list regimes --lang zh --json
      sim list sites --lang zh
      sim list parameters
    """
    found = {each: entries(each, lang, region) for each in ([kind] if kind else KINDS)}
    if as_json:
        _console.print_json(found)
        return
    for each, texts in found.items():
        click.secho(" ".join(dict.fromkeys((known(each, lang), each))), bold=True)      # in Chinese word and kind
        width = max(map(_cells, texts), default=0)
        for name, text in texts.items():
            click.echo(printable(f"  {name}{' ' * (width - _cells(name))}  {text}").rstrip())
    _console.directions(None, *_next(kind, found, region), lang=lang)


def _cells(text):
    """Cells of a terminal that a text takes; rich, which knows, is not imported for a list."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _next(kind, found, region):
    """What uses what was listed: a scenario that is there, else a new one."""
    if kind == "theorems":
        return [["sim", "verify"]]
    there = sorted(found.get("scenarios") or entries("scenarios", "en"), key=lambda path: (path != BASELINE, path))
    first = ["sim", "new", "demo"] + (["--region", region] if region != DEFAULT_REGION else [])
    if kind == "worlds" and there:
        return [["sim", "run", there[0], "--world", name] for name in list(found[kind])[:1]]
    return [["sim", "show", there[0]], first] if there and region == DEFAULT_REGION else [first]


def entries(kind: str, lang: str, region: str = "yrd-zone") -> dict[str, str]:
    """Name -> one line about it."""
    if kind == "scenarios":
        paths = sorted(pathlib.Path("scenarios").glob("*.toml"))
        return {path.as_posix(): _title_of(path, lang) for path in paths}
    if kind in ("regimes", "regions", "worlds"):
        from sim.base import package_data
        inside = "region.toml" if kind == "regions" else ""
        return {name: _from(_title_of(each.place / inside, lang), each.package, lang)
                for name, each in getattr(package_data, kind)().items()}
    if kind in PLACES:
        return _places(kind, lang, region)
    if kind == PARAMETERS:
        return _parameters(lang)
    from sim.base import plugins
    registry = importlib.import_module(REGISTRIES[kind]).registry
    return {said.name: _from(fill(said.title_zh, lang) if lang == "zh" and said.title_zh else said.line,
                             plugins.package_of(said.module), lang) for said in registry.said()}


def _from(text, package, lang):
    return translate(_("{text} (package {package})", text=text, package=package), lang) if package else text


def _places(kind, lang, region):
    """Id -> name in the language, and what else tells it apart, in the order of the region's file."""
    from sim.region.load import load

    found = load(region)
    table = getattr(found, kind)
    table = table.sort_values("order") if "order" in table else table
    if kind == "sites" and RINGLESS in found.words:
        table = table.assign(ring=table["in_zone"].map({True: "", False: _("outside the zone")}))
    beside = [table[column].astype(str).fillna("") for column in PLACES[kind]]
    return {str(one): _with(name, joined(_(", "), (_(each) for each in rest if each)), lang) if any(rest) else name
            for one, name, *rest in zip(table.index, table[f"name_{lang}"], *beside)}


def _with(text, more, lang):
    return translate(_("{text} ({more})", text=text, more=more), lang)


def _parameters(lang):
    """Key -> what it is and its unit; keys of a policy under the name of its instrument."""
    from sim.config.parameters import rows_by_path
    from sim.scenario import schema

    models = {"": schema.build(), **{f"policies.<{name}>.": model for name, model in schema.policy_models().items()}}
    return {f"{prefix}{row.key}": _with(row.doc_in(lang), _(row.unit), lang)
            for prefix, model in models.items() for row in rows_by_path(model).values()}


def _title_of(path, lang):
    from sim.config import toml_file
    try:
        table = toml_file.read(path).data
    except InputError as error:
        return error.told(lang)
    return str(lang == "zh" and table.get("title_zh") or table.get("title", ""))
