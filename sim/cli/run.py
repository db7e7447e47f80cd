"""`sim run`"""

import time
from typing import Any

import click

from sim.base.errors import printable
from sim.base.messages import _
from sim.cli import _console, _options


@click.command("run")
@_options.scenario
@_options.settings
@click.option("--replicates", type=click.IntRange(1), help="Replicates, instead of the scenario's.")
@click.option("--seed", type=click.IntRange(0), help="Seed, instead of the scenario's.")
@click.option("--out", type=click.Path(), help="Folder for results; by default outputs/<scenario>.")
@_options.threads
@_options.force
@_options.figures
@_options.quiet
@_options.as_json
@_options.languages
def command(scenario: str, figures: bool, quiet: bool, as_json: bool, languages: tuple[str, ...],
            **options: Any) -> None:
    """Simulate a scenario: results, tables, figures, a page.

    Finished work is kept: after Ctrl-C or a crash the same command continues.

    \b
    Examples:
      sim run scenarios/baseline.toml
      sim run scenarios/shanghai-ftz.toml --replicates 20 --lang zh
      sim run demo/policy.toml --set policies.shanghai-ftz.start=2028-01-01 --out outputs/later
    """
    from sim import front_door
    from sim.cli import _summary, _warnings
    from sim.cli._interrupt import stoppable

    started, typed, silent = time.monotonic(), _console.typed(), quiet or as_json
    with stoppable(_("finished replicates are kept; continue with: {command}", command=typed)), _warnings.told(quiet):
        found = front_door.run(scenario, languages=languages if figures else (), quiet=silent, command=typed, **options)
    if not silent:
        _tell(_summary.lines(found.folder, languages[0]))
        _console.directions(found.pages[0] if found.pages else None,
                            ["sim", "open" if found.pages else "report", str(found.folder)],
                            ["sim", "compare", str(found.folder), "ANOTHER.toml"], lang=languages[0])
    if as_json:
        _print_json(found.folder, time.monotonic() - started)
    else:
        click.echo(click.format_filename(found.folder))


def _tell(lines):
    """Lines on stderr, nothing in them able to steer the terminal."""
    for line in lines:
        click.echo(printable(line), err=True)


def _print_json(folder, seconds):
    from sim.base import files
    from sim.cli import _summary

    _console.print_json({"folder": str(folder), "seconds": round(seconds, 3), "headline": _summary.headline(folder),
                         "manifest": files.read_manifest(folder)})
