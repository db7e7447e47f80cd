"""`sim sweep`"""

import json
import pathlib
import shlex
import sys

import click

from sim.base.messages import _, joined
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
@click.option("--limit", type=click.FloatRange(1), default=600.0, show_default=True,
              help="Seconds after which a chunk of runs, or a single run, counts as stuck.")
@click.option("--force", is_flag=True, help="Replace another sweep in the folder.")
@click.option("-q", "--quiet", is_flag=True, help="Print the folder and nothing else.")
@_options.as_json
@_options.messages
@_options.no_color
def command(file, settings, replicates, out, dry_run, status, quiet, as_json, **given):
    """Run every point of a sweep file, or resume it.

    Finished runs are kept, and the same command continues from there.

    \b
    Examples:
      sim sweep scenarios/sweeps/peers-reach.toml --dry-run
      sim sweep scenarios/sweeps/peers-reach.toml
      sim sweep scenarios/sweeps/peers-reach.toml --status
      sim sweep scenarios/sweeps/peers-reach.toml --shard 1/4 --out outputs/peers-reach-1
    """
    from sim.experiments.sweep import sweep_file

    folder = pathlib.Path(out or pathlib.Path("outputs") / _stem(file, given["shard"]))
    if status:
        _tell_status(folder, as_json)
        return
    sweep = sweep_file.read(file, settings, replicates)
    if not quiet:
        _console.tell("note", sweep.notes)
    if dry_run:
        _tell_estimate(sweep, given["jobs"], as_json)
        return
    _run(sweep, folder, given, quiet or as_json)
    if as_json:
        from sim.experiments.sweep.estimate import status as status_of
        click.echo(json.dumps(status_of(folder), ensure_ascii=False, indent=2))
    else:
        click.echo(click.format_filename(folder))
    refuse_failures(folder)


def _run(sweep, folder, given, silent):
    from sim.cli._interrupt import stoppable
    from sim.experiments.sweep import sweep as sweeping
    from sim.runs import limits
    from sim.runs.sweep_progress import follow

    typed = f"sim {shlex.join(sys.argv[1:])}"
    job = sweeping.Job(
        sweep, folder, given["jobs"] or limits.processors(), given["dask"], given["shard"],
        stop_on_error=given["on_error"] == "stop", retry_failed=given["retry_failed"], force=given["force"],
        limit=given["limit"], command=typed)
    with stoppable(_("finished runs are kept; go on with: {command}", command=typed)):
        follow(sweeping.run(job), silent)


def _stem(file, shard):
    stem = pathlib.Path(file).stem
    return stem if shard == (1, 1) else f"{stem}-shard-{shard[0]}-of-{shard[1]}"


def _shard(text):
    """(i, n) of "i/n"."""
    number, shards = text.split("/", 1) if "/" in text else (text, "")
    if not (number.isdecimal() and shards.isdecimal() and 1 <= int(number) <= int(shards) <= 100_000):
        raise click.BadParameter(_("{text} is not a shard; expected I/N with 1 <= I <= N, e.g. 2/8", text=repr(text)))
    return int(number), int(shards)


def refuse_failures(folder):
    """Exit code 3, with the first failures by name, if runs have no result."""
    from sim.base.errors import SomeRunsFailed
    from sim.experiments.sweep.load import failures

    found = failures(folder)
    if len(found):
        lines = [_("run {run}: point {point}, scenario {scenario}, replicate {replicate}: {reason}", run=row.run,
                   point=row.point, scenario=row.scenario, replicate=row.replicate, reason=row.reason)
                 for row in found.head(5).itertuples()]
        more = [_("and {count} more; all of them are in {folder}", count=len(found) - 5, folder=folder)]
        raise SomeRunsFailed(joined("\n", [_("{count} runs have no result:", count=len(found)), *lines,
                                           *more[:len(found) > 5]]))


def _tell_status(folder, as_json):
    from sim.base.errors import InputError, Problem
    from sim.experiments.sweep import estimate

    found = estimate.status(folder)
    if not found:
        raise InputError(Problem(str(folder), "", _("there is no sweep in this folder"),
                                 remedy=_("choose another --out")))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    state = "complete" if found["complete"] else "being written" if found["in_use"] else "not finished"
    click.echo(f"{click.format_filename(folder)}: {state}, {found['done']:,} of {found['runs']:,} runs, "
               f"{found['failed']:,} failed, {found['bytes'] / 1e6:,.1f} MB")
    if found["content"]:
        click.echo(f"content {found['content']}")


def _tell_estimate(sweep, jobs, as_json):
    from sim.experiments.sweep import estimate as estimates
    from sim.runs import limits

    found = estimates.estimate(sweep, jobs or limits.processors())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for part in found["experiments"]:
        click.echo(f"{part['name']}: {part['points']:,} points x {len(part['scenarios'])} scenarios x "
                   f"{part['replicates']:,} replicates = {part['runs']:,} runs of about "
                   f"{part['seconds_a_run']:.3g} s")
    click.echo(f"in all {found['runs']:,} runs, about {_duration(found['seconds'])} on {found['workers']} "
               f"processors, {found['bytes'] / 1e6:,.1f} MB on disk")


def _duration(seconds):
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"

