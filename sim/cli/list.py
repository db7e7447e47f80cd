"""`sim list`"""

import importlib
import json
import pathlib

import click

from sim.base.errors import InputError, printable
from sim.cli import _options

DRAWERS = {"terms": "sim.terms", "instruments": "sim.policies", "metrics": "sim.metrics", "plots": "sim.plots.run",
           "comparison-plots": "sim.plots.comparison", "theorems": "sim.verification.theorems"}
KINDS = ("scenarios", "regimes", "regions", *DRAWERS)
PLACES = {"sites": ("jurisdiction", "ring"), "industries": (), "stations": ("mode", "opened"),
          "jurisdictions": ("province",)}         # tables of a region, with what is said beside the name
PARAMETERS = "parameters"


@click.command("list")
@click.argument("kind", type=click.Choice([*KINDS, *PLACES, PARAMETERS]), required=False)
@click.option("--region", default="yrd-zone", show_default=True, metavar="NAME",
              help="Region, or its folder, whose places and industries are listed.")
@_options.as_json
@_options.lang
@_options.no_color
def command(kind, region, as_json, lang):
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
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for each, texts in found.items():
        click.secho(each, bold=True)
        width = max(map(len, texts), default=0)
        for name, text in texts.items():
            click.echo(printable(f"  {name:{width}}  {text}").rstrip())


def entries(kind, lang, region="yrd-zone"):
    """Name -> one line about it."""
    if kind == "scenarios":
        paths = sorted(pathlib.Path("scenarios").glob("*.toml"))
        return {path.as_posix(): _title_of(path, lang) for path in paths}
    if kind in ("regimes", "regions"):
        from sim.base import package_data
        inside = "region.toml" if kind == "regions" else ""
        return {name: _from(_title_of(each.place / inside, lang), each.package)
                for name, each in getattr(package_data, kind)().items()}
    if kind in PLACES:
        return _places(kind, lang, region)
    if kind == PARAMETERS:
        return _parameters(lang)
    from sim.base import plugins
    drawer = importlib.import_module(DRAWERS[kind]).registry
    return {said.name: _from(lang == "zh" and said.title_zh or said.line, plugins.package_of(said.module))
            for said in drawer.said()}


def _from(text, package):
    return f"{text} (package {package})" if package else text


def _places(kind, lang, region):
    """Id -> name in the language, and what else tells it apart, in the order of the region's file."""
    from sim.region.load import load

    table = getattr(load(region), kind)
    table = table.sort_values("order") if "order" in table else table
    beside = [table[column].astype(str).fillna("") for column in PLACES[kind]]
    return {str(one): f"{name} ({', '.join(filter(None, rest))})" if any(rest) else name
            for one, name, *rest in zip(table.index, table[f"name_{lang}"], *beside)}


def _parameters(lang):
    """Key -> what it is and its unit; keys of a policy under the name of its instrument."""
    from sim.config.check import rows_by_path
    from sim.scenario import schema

    models = {"": schema.build(), **{f"policies.<{name}>.": model for name, model in schema.policy_models().items()}}
    return {f"{prefix}{row.key}": f"{row.doc_zh if lang == 'zh' else row.doc} ({row.unit})"
            for prefix, model in models.items() for row in rows_by_path(model).values()}


def _title_of(path, lang):
    from sim.config import toml_file
    try:
        table = toml_file.read(path).data
    except InputError as error:
        return str(error)
    return str(lang == "zh" and table.get("title_zh") or table.get("title", ""))
