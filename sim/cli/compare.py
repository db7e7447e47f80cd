"""`sim compare`"""

import pathlib
import shlex
import sys

import click

from sim.cli import _options
from sim.errors import printable


@click.command("compare")
@click.argument("scenarios", type=click.Path(), nargs=-1, required=True)
@click.option("--baseline", metavar="NAME", help="Scenario to compare with; by default the first.")
@_options.settings
@click.option("--replicates", type=click.IntRange(1), help="Replicates, instead of the scenarios'.")
@click.option("--seed", type=click.IntRange(0), help="Seed, instead of the scenarios'.")
@click.option("--out", type=click.Path(),
              help="Folder for the comparison, by default outputs/compare-<names>.")
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("--precision", type=click.FloatRange(0.0, min_open=True), default=0.5, show_default=True,
              help="Wanted precision of an effect, for advice on replicates: half the 95 % interval.")
@click.option("--force", is_flag=True, help="Replace another comparison in the folder.")
@click.option("-q", "--quiet", is_flag=True, help="Print the folder and nothing else.")
@_options.as_json
@_options.lang
@_options.no_color
def command(scenarios, baseline, settings, replicates, seed, out, jobs, precision, force, quiet, as_json,
            lang):
    """Compare scenarios that share every draw, member by member.

    SCENARIOS are scenario files or folders of finished runs. Runs that are missing are made, finished
    ones are kept.

    \b
    Examples:
      sim compare scenarios/baseline.toml scenarios/shanghai-ftz.toml
      sim compare scenarios/*.toml --baseline no-policy --replicates 20
      sim compare outputs/baseline outputs/shanghai-ftz --lang zh
    """
    from sim.cli._interrupt import stoppable

    typed = f"sim {shlex.join(sys.argv[1:])}"
    given = {"run.replicates": replicates, "run.seed": seed}
    settings = (*settings, *(f"{key}={value}" for key, value in given.items() if value is not None))
    with stoppable(f"finished members are kept; go on with: {typed}"):
        folder = _compare(scenarios, baseline, (settings, jobs, typed), out,
                          dict(precision=precision, force=force), quiet or as_json)
    _show(folder, quiet, as_json, lang)


def _compare(scenarios, baseline, how, out, options, silent):
    """Folder of the comparison, made."""
    from sim import run
    from sim.cli._progress import follow
    from sim.experiment.comparison import cases, compare

    settings, jobs, typed = how
    common = cases.Settings(settings, pathlib.Path("outputs"), jobs or run.processors(), typed)
    comparison = compare.prepared(scenarios, baseline, common, out, **options)
    follow(compare.compare(comparison), silent)
    return comparison.folder


def _show(folder, quiet, as_json, lang):
    """The headline on stderr, the folder or comparison.json on stdout."""
    from sim.cli import _comparison
    from sim.experiment.comparison import files

    content = files.load(folder)
    if as_json:
        click.echo(files.json_bytes({"folder": str(folder), **content}).decode("utf-8", "replace"), nl=False)
        return
    for line in [] if quiet else _comparison.lines(content, folder, lang):
        click.echo(printable(line), err=True)
    click.echo(click.format_filename(folder))
