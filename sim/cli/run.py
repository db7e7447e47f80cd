"""`sim run`"""

import json
import pathlib
import shlex
import sys
import time

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
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("--force", is_flag=True, help="Replace what is in the folder.")
@click.option("--figures/--no-figures", default=True, help="Draw figures and pages.",
              show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Print the folder and nothing else.")
@_options.as_json
@_options.languages
@_options.no_color
def command(scenario, settings, replicates, seed, out, jobs, force, figures, quiet, as_json, languages):
    """Simulate a scenario: results, tables, figures, a page.

    Finished work is kept: after Ctrl-C or a crash the same command continues.

    \b
    Examples:
      sim run scenarios/baseline.toml
      sim run scenarios/shanghai-ftz.toml --replicates 20 --lang zh
      sim run demo/policy.toml --set policies.shanghai-ftz.start=2028-01-01 --out outputs/later
    """
    from sim.cli import _summary
    from sim.cli._interrupt import stoppable
    from sim.report import drawing

    started, typed = time.monotonic(), f"sim {shlex.join(sys.argv[1:])}"
    given = {"run.replicates": replicates, "run.seed": seed}
    settings = [*settings, *(f"{key}={value}" for key, value in given.items() if value is not None)]
    silent = quiet or as_json
    with stoppable(_("finished members are kept; go on with: {command}", command=typed)):
        job = _job(scenario, settings, out, jobs, force, typed)
        _simulate(job, quiet, silent)
        _tell([] if silent else _summary.lines(job.folder, languages[0]))
        if figures and not drawing.are_there(job.folder, languages):
            drawing.of_run(job.folder, languages, silent)
    _tell([] if silent else _summary.directions(job.folder, scenario, languages[0]))
    if as_json:
        _print_json(job.folder, time.monotonic() - started)
    else:
        click.echo(click.format_filename(job.folder))


def _job(scenario, settings, out, jobs, force, typed):
    from sim.model.preflight import validation
    from sim.runs import limits
    from sim.runs.job import Job
    from sim.scenario.load import load

    loaded = load(scenario, settings)
    threads = jobs or limits.processors()
    region = validation.region_of(loaded, threads=threads)
    doubts = (*loaded.warnings, *validation.warnings(loaded, region))
    folder = pathlib.Path(out or pathlib.Path("outputs") / loaded.name)
    return Job(loaded, region, folder, threads, force, warnings=doubts, command=typed)


def _simulate(job, quiet, silent):
    from sim.runs import run
    from sim.runs.progress import follow

    _console.tell("warning", [] if quiet else job.warnings)
    follow(run.run(job), silent)


def _tell(lines):
    """Lines on stderr, nothing in them able to steer the terminal."""
    for line in lines:
        click.echo(printable(line), err=True)


def _print_json(folder, seconds):
    from sim.base import files
    from sim.cli import _summary

    click.echo(json.dumps({"folder": str(folder), "seconds": round(seconds, 3),
                           "headline": _summary.headline(folder), "manifest": files.read_manifest(folder)},
                          ensure_ascii=False, indent=2, allow_nan=False))
