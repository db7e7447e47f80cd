"""`sim run`"""

import json
import pathlib
import sys
import time

import click

from sim.cli import _options
from sim.errors import printable


@click.command("run")
@_options.scenario
@_options.settings
@click.option("--replicates", type=click.IntRange(1), help="Replicates, instead of the scenario's.")
@click.option("--seed", type=click.IntRange(0), help="Seed, instead of the scenario's.")
@click.option("--out", type=click.Path(), help="Folder for results; by default outputs/<scenario>.")
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("--force", is_flag=True, help="Replace results of another run in the same folder.")
@click.option("--figures/--no-figures", default=True, help="Draw figures.", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@_options.as_json
@_options.lang
@_options.no_color
def command(scenario, settings, replicates, seed, out, jobs, force, figures, quiet, as_json, lang):
    """Simulate a scenario and write results, tables and figures.

    What is finished is kept: after Ctrl-C or a crash the same command goes on.

    \b
    Examples:
      sim run scenarios/baseline.toml
      sim run scenarios/shanghai-ftz.toml --replicates 20 --lang zh
      sim run demo/policy.toml --set policies.ftz.start=2028-01-01 --out outputs/later
    """
    from sim import run, validation
    from sim.scenario import load

    given = {"run.replicates": replicates, "run.seed": seed}
    settings = [*settings, *(f"{key}={value}" for key, value in given.items() if value is not None)]
    started = time.monotonic()
    loaded = load(scenario, settings)
    region = validation.region_of(loaded)
    for warning in [*loaded.warnings, *validation.warnings(loaded, region)]:
        click.secho(printable(warning), fg="yellow", err=True)
    folder = pathlib.Path(out or pathlib.Path("outputs") / loaded.name)
    job = run.Job(loaded, region, folder, jobs or run.processors(), force)
    _follow(run.run(job), quiet or as_json)
    if figures:
        _draw(folder, quiet or as_json)
    _report(folder, scenario, time.monotonic() - started, (quiet, as_json, lang))


def _follow(steps, silent):
    """Progress with time left on stderr while the generator runs."""
    from rich.console import Console
    from rich.progress import (BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn,
                               TimeRemainingColumn)

    from sim.kernels.compiler import is_warm

    if not silent and not is_warm():
        click.echo("compiling the kernels, once on this machine (about half a minute) ...", err=True)
    console = Console(file=sys.stderr, no_color=click.get_current_context().find_root().color is False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=silent, transient=True) as progress:
        task = progress.add_task("replicates", total=None)
        for done, total in steps:
            progress.update(task, completed=done, total=total)


def _draw(folder, silent):
    """Figures in both languages, from the saved results alone."""
    from sim import run
    from sim.plots import save

    if (folder / "figures").is_dir() and _newer(folder / "figures", folder / "results.nc"):
        return
    if not silent:
        click.echo("drawing figures ...", err=True)
    save.save_all(run.load(folder), folder / "figures")


def _newer(figures, source):
    drawn = list(figures.glob("*.svg"))
    return bool(drawn) and min(path.stat().st_mtime for path in drawn) >= source.stat().st_mtime


def _report(folder, scenario, seconds, how):
    """Ten lines on what came out, where it is and what to do next; or JSON; or only the path."""
    from sim import run, storage
    from sim.cli import _summary

    quiet, as_json, lang = how
    if as_json:
        rows = _summary.headline(run.load(folder))
        click.echo(json.dumps({"folder": str(folder), "seconds": round(seconds, 3), "headline": rows,
                               "manifest": storage.read_manifest(folder)}, ensure_ascii=False, indent=2))
    elif quiet:
        click.echo(folder)
    else:
        for line in _summary.lines(run.load(folder), lang, folder, scenario):
            click.echo(line, err=True)
        click.echo(folder)
