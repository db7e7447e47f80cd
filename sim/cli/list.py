"""`sim list`"""

import importlib
import json
import pathlib

import click

from sim.cli import _options
from sim.errors import InputError, printable

DRAWERS = {"terms": "sim.terms", "instruments": "sim.policies", "metrics": "sim.metrics",
           "plots": "sim.plots", "comparison-plots": "sim.comparison_plots", "theorems": "sim.theorems"}
KINDS = ("scenarios", "regimes", *DRAWERS)


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@_options.as_json
@_options.lang
@_options.no_color
def command(kind, as_json, lang):
    """List what there is to use, of one KIND or of all.

    \b
    Examples:
      sim list
      sim list instruments
      sim list regimes --lang zh --json
    """
    found = {each: entries(each, lang) for each in ([kind] if kind else KINDS)}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for each, texts in found.items():
        click.secho(each, bold=True)
        width = max(map(len, texts), default=0)
        for name, text in texts.items():
            click.echo(printable(f"  {name:{width}}  {text}").rstrip())


def entries(kind, lang):
    """Name -> one line about it."""
    if kind == "scenarios":
        paths = sorted(pathlib.Path("scenarios").glob("*.toml"))
        return {path.as_posix(): _title_of(path, lang) for path in paths}
    if kind == "regimes":
        from sim import schema
        return {name: _title(regime, lang) for name, regime in schema.regimes().items()}
    drawer = importlib.import_module(DRAWERS[kind]).registry
    return {entry.name: entry.__doc__.strip().split("\n")[0] for entry in drawer.entries()}


def _title_of(path, lang):
    from sim import toml_source
    try:
        return _title(toml_source.read(path).data, lang)
    except InputError as error:
        return str(error)


def _title(table, lang):
    return str(lang == "zh" and table.get("title_zh") or table.get("title", ""))
