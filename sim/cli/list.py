"""`sim list`"""

import importlib
import json
import pathlib

import click

from sim.cli import _options
from sim.errors import InputError, printable

DRAWERS = {"terms": "sim.terms", "instruments": "sim.policies", "metrics": "sim.metrics",
           "plots": "sim.plots", "comparison-plots": "sim.comparison_plots", "theorems": "sim.theorems"}
KINDS = ("scenarios", "regimes", "regions", *DRAWERS)


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
    if kind in ("regimes", "regions"):
        from sim import shipped
        inside = "region.toml" if kind == "regions" else ""
        return {name: _from(_title_of(each.place / inside, lang), each.package)
                for name, each in getattr(shipped, kind)().items()}
    from sim import plugins
    drawer = importlib.import_module(DRAWERS[kind]).registry
    return {entry.name: _from(_line(entry, lang), plugins.package_of(entry.__module__)) for entry in drawer.entries()}


def _line(entry, lang):
    """What an entry says of itself; in Chinese its title, where it has one."""
    titles = (getattr(entry, key, "") for key in ("title_zh", "long_name_zh"))
    return next(filter(None, titles if lang == "zh" else ()), entry.__doc__.strip().split("\n")[0])


def _from(text, package):
    return f"{text} (package {package})" if package else text


def _title_of(path, lang):
    from sim import toml_source
    try:
        return _title(toml_source.read(path).data, lang)
    except InputError as error:
        return str(error)


def _title(table, lang):
    return str(lang == "zh" and table.get("title_zh") or table.get("title", ""))
