"""`sim sweep`"""

import pathlib
from typing import Any

import click

from sim.base.errors import InputError, Problem, SomeRunsFailed
from sim.base.messages import _, in_locale
from sim.cli import _console, _options


@click.command("sweep")
@click.argument("file", type=click.Path())
@_options.settings
@click.option("--replicates", type=click.IntRange(1, 100000), help="Replicates, instead of the file's.")
@click.option("--out", type=click.Path(), help="Folder for results; by default outputs/<file's name>.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; by default one a processor.")
@click.option("--dask", default="", metavar="ADDRESS",
              help="Run on an existing dask cluster: tcp://host:port or tls://host:port.")
@click.option("--shard", default="1/1", metavar="I/N", callback=lambda ctx, param, value: _shard(value),
              help="Run the I-th of N shards, in a folder of its own; `sim merge` combines them.")
@click.option("--dry-run", is_flag=True, help="Estimate runs, time and disk space from a short trial; write nothing.")
@click.option("--status", is_flag=True, help="Show progress and exit.")
@click.option("--on-error", type=click.Choice(["continue", "stop"]), default="continue", show_default=True,
              help="Whether to continue after a failed run.")
@click.option("--retry-failed", is_flag=True, help="Run failed runs again.")
@click.option("--limit", type=_options.Number(1), default=600.0, show_default=True,
              help="Seconds after which a chunk of runs, or a single run, counts as stuck.")
@click.option("--force", is_flag=True, help="Replace another sweep in the folder.")
@_options.quiet
@_options.as_json
@_options.messages
def command(file: str, settings: tuple[str, ...], replicates: int | None, out: str | None, dry_run: bool, status: bool,
            quiet: bool, as_json: bool, **given: Any) -> None:
    """Run every point of a sweep file, or resume it.

    Finished runs are kept, and the same command continues from there.

    \b
    Examples:
      sim sweep scenarios/sweeps/peers-reach.toml --dry-run
      sim sweep scenarios/sweeps/peers-reach.toml
      sim sweep scenarios/sweeps/peers-reach.toml --status
      sim sweep scenarios/sweeps/peers-reach.toml --shard 1/4 --out outputs/peers-reach-1
    """
    if status:
        _tell_status(file, out, given["shard"], as_json)
    elif dry_run:
        _tell_estimate(file, (settings, replicates), given["jobs"], quiet, as_json)
    else:
        _run(file, quiet, as_json, settings=settings, replicates=replicates, out=out, **given)


def _run(file, quiet, as_json, on_error, **given):
    from sim import front_door
    from sim.cli import _warnings
    from sim.cli._interrupt import stoppable
    from sim.experiments.sweep.estimate import status

    typed = _console.typed()
    with stoppable(_("finished runs are kept; continue with: {command}", command=typed)), _warnings.told(quiet):
        found = front_door.sweep(file, stop_on_error=on_error == "stop", quiet=quiet or as_json, command=typed, **given)
    if as_json:
        _console.print_json(status(found.folder))
    else:
        click.echo(click.format_filename(found.folder))
        if not quiet:
            _console.directions(None, _next(found.folder, given["shard"], file))
    if found.failure:
        raise SomeRunsFailed(found.failure)


def _next(folder, shard, file):
    """The command that comes after a sweep or a shard of one; folders of other shards are named like this one."""
    if shard == (1, 1):
        return ["sim", "sensitivity", str(folder)]
    number, name = str(shard[0]), str(folder)
    head, own, tail = name.rpartition(f"{number}-of") if f"-shard-{number}-of" in name else name.rpartition(number)
    others = [head + own.replace(number, str(k), 1) + tail for k in range(1, shard[1] + 1)]
    return ["sim", "merge", file, *(others if own else [name, *["FOLDER"] * (shard[1] - 1)])]


def _shard(text):
    """(i, n) of "i/n"."""
    number, shards = text.split("/", 1) if "/" in text else (text, "")
    if not (number.isdecimal() and shards.isdecimal() and 1 <= int(number) <= int(shards) <= 100_000):
        raise click.BadParameter(_("{text} is not a shard; expected I/N with 1 <= I <= N, e.g. 2/8", text=repr(text)))
    return int(number), int(shards)


def _tell_status(file, out, shard, as_json):
    from sim.experiments.sweep import estimate
    from sim.experiments.sweep.sweep import usual_folder

    folder = pathlib.Path(out) if out else usual_folder(file, shard)
    found = estimate.status(folder)
    if not found:
        raise InputError(Problem(str(folder), "", _("there is no sweep in this folder"),
                                 remedy=_("choose another --out")))
    if as_json:
        _console.print_json(found)
        return
    state = _("complete") if found["complete"] else _("being written") if found["in_use"] else _("not finished")
    click.echo(in_locale(_("{folder}: {state}, {done:,} of {runs:,} runs, {failed:,} failed, {size:,.1f} MB",
                           folder=click.format_filename(folder), state=state, done=found["done"],
                           runs=found["runs"], failed=found["failed"], size=found["bytes"] / 1e6)))
    if found["complete"] and not found["content"]:
        click.echo(in_locale(_("this is shard {shard} of the sweep; sim merge combines them", shard=found["shard"])))
    if found["content"]:
        click.echo(in_locale(_("content {digest}", digest=found["content"])))


def _tell_estimate(file, settings, jobs, quiet, as_json):
    from sim.experiments.sweep import estimate as estimates
    from sim.experiments.sweep import sweep_file
    from sim.runs import limits

    sweep = sweep_file.read(file, *settings)
    if not quiet:
        _console.tell("note", sweep.notes)
    found = estimates.estimate(sweep, jobs or limits.processors())
    if as_json:
        _console.print_json(found)
        return
    for part in found["experiments"]:
        click.echo(in_locale(_(
            "{name}: {points:,} (points) x {scenarios} (scenarios) x {replicates:,} (replicates) = {runs:,} runs "
            "of about {seconds:.3g} s", name=part["name"], points=part["points"], scenarios=len(part["scenarios"]),
            replicates=part["replicates"], runs=part["runs"], seconds=part["seconds_a_run"])))
    click.echo(in_locale(_("start-up, once: about {time}", time=_duration(found["start_seconds"]))))
    click.echo(in_locale(_("in all {runs:,} runs, about {time} (processors: {workers}), {size:,.1f} MB on disk",
                           runs=found["runs"], time=_duration(found["seconds"]), workers=found["workers"],
                           size=found["bytes"] / 1e6)))


def _duration(seconds):
    if seconds < 120:
        return _("{number:.0f} s", number=seconds)
    return _("{number:.0f} min", number=seconds / 60) if seconds < 7200 else _("{number:.1f} h", number=seconds / 3600)
