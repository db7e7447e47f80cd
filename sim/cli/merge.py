"""`sim merge`"""

import pathlib
import shlex
from typing import Any

import click

from sim.base.errors import SomeRunsFailed
from sim.base.messages import _
from sim.cli import _console, _options


@click.command("merge")
@click.argument("file", type=click.Path())
@click.argument("folders", type=click.Path(), nargs=-1, required=True)
@_options.settings
@click.option("--replicates", type=click.IntRange(1, 100000), help="Replicates, as given to the shards.")
@click.option("--out", type=click.Path(), help="Folder for the merged sweep; by default outputs/<file's name>.")
@_options.quiet
@_options.messages
def command(file: str, folders: tuple[str, ...], settings: tuple[str, ...], replicates: int | None, out: str | None,
            quiet: bool) -> None:
    """Combine the shards of a sweep in one folder.

    The result is the same, bit for bit, as if one process had run the whole sweep.

    \b
    Examples:
      sim merge scenarios/sweeps/peers-reach.toml outputs/peers-reach-shard-1-of-2 outputs/peers-reach-shard-2-of-2
    """
    from sim.cli._interrupt import stoppable
    from sim.experiments.sweep import estimate, load, sweep_file
    from sim.experiments.sweep.merge import merge
    from sim.runs.sweep_progress import follow

    target = pathlib.Path(out or pathlib.Path("outputs") / pathlib.Path(file).stem)
    typed = _console.typed()
    sweep = sweep_file.read(file, settings, replicates)
    with stoppable(_("what is merged is kept; continue with: {command}", command=typed)):
        follow(merge(sweep, folders, target, typed), quiet)
    click.echo(click.format_filename(target))
    found: Any = estimate.status(target)         # what is merged is a sweep
    if found["done"] < found["runs"]:
        raise SomeRunsFailed(_("in none of the folders: {missing:,} of {runs:,} runs; make them with: {command}",
                               missing=found["runs"] - found["done"], runs=found["runs"],
                               command=shlex.join(["sim", "sweep", file, "--out", str(target)])))
    if not quiet:
        _console.directions(None, ["sim", "sensitivity", str(target)])
    if failure := load.failure(target, load.failures(target)):
        raise SomeRunsFailed(failure)
