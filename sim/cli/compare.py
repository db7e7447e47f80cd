"""`sim compare`"""

import shlex
import shutil
import sys
from typing import Any

import click

from sim.base.errors import printable
from sim.base.messages import _
from sim.cli import _console, _options


def _numbers(ctx, param, value):
    """Numbers between commas; nothing for none."""
    try:
        return tuple(float(text) for text in (value or "").split(",") if text.strip())
    except ValueError:
        raise click.BadParameter(_("{value} is not a list of numbers; expected e.g. 0.1,0.2,0.4",
                                   value=repr(value))) from None


@click.command("compare")
@click.argument("scenarios", type=click.Path(), nargs=-1, required=True)
@click.option("--baseline", metavar="NAME", help="Scenario to compare with; by default the first.")
@_options.settings
@click.option("--replicates", type=click.IntRange(1), help="Replicates, instead of the scenarios'.")
@click.option("--seed", type=click.IntRange(0), help="Seed, instead of the scenarios'.")
@click.option("--out", type=click.Path(),
              help="Folder for the comparison, by default outputs/compare-<names>.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; by default one a processor.")
@click.option("--precision", type=click.FloatRange(0.0, min_open=True), default=0.5, show_default=True,
              help="Wanted precision of an effect, for advice on replicates: half the 95 % interval.")
@click.option("--leakage-over", metavar="SHARES", callback=_numbers, help="Outside shares of entrants, an input, "
              "over which leakage is shown, entries held, e.g. 0.1,0.2,0.4; each is a run of every scenario.")
@click.option("--leave-one-out", type=click.Choice(["paying", "all"]),
              help="Run every scenario without each of its policies in turn, those that pay or all: but-for shares, "
              "and what a policy adds to the others.")
@click.option("--uncertainty", type=click.IntRange(2), metavar="N",
              help="Draw the parameters N times from their ranges, the same for all scenarios.")
@click.option("--per-draw", type=click.IntRange(2), default=4, show_default=True,
              help="Replicates of each draw of the parameters.")
@click.option("--force", is_flag=True, help="Replace another comparison in the folder.")
@_options.figures
@_options.quiet
@_options.as_json
@_options.languages
@_options.no_color
def command(scenarios: tuple[str, ...], leakage_over: tuple[float, ...], leave_one_out: str, uncertainty: int,
            figures: bool, quiet: bool, as_json: bool, languages: tuple[str, ...], **options: Any) -> None:
    """Compare scenarios that share every draw, member by member.

    SCENARIOS are scenario files or folders of finished runs; NAME=FILE or NAME=FOLDER names one. Missing
    runs are made, finished ones are kept.

    \b
    Examples:
      sim compare scenarios/baseline.toml scenarios/shanghai-ftz.toml
      sim compare scenarios/*.toml --baseline no-policy --replicates 20
      sim compare outputs/baseline ftz=outputs/shanghai-ftz --lang zh
      sim compare scenarios/baseline.toml scenarios/dual-regime.toml --uncertainty 50
    """
    from sim import front_door
    from sim.base.errors import SomeRunsFailed
    from sim.cli import _warnings
    from sim.cli._interrupt import stoppable

    typed = f"sim {shlex.join(sys.argv[1:])}"
    with stoppable(_("finished members are kept; go on with: {command}", command=typed)), _warnings.told(quiet):
        found = front_door.compare(*scenarios, outside_shares=leakage_over, leave_out=leave_one_out or "",
                                   draws=uncertainty or 0, languages=languages if figures else (),
                                   quiet=quiet or as_json, command=typed, **options)
    _show(found.folder, found.pages, quiet, as_json, languages[0])
    if found.failure:
        raise SomeRunsFailed(found.failure)


def _show(folder, pages, quiet, as_json, lang):
    """The headline on stderr, the folder or comparison.json on stdout."""
    from sim.cli import _comparison
    from sim.experiments.compare import folder as comparison_folder

    content = comparison_folder.load(folder)
    if as_json:
        told = comparison_folder.json_bytes({"folder": str(folder), **content})
        click.echo(told.decode("utf-8", "replace"), nl=False)
        return
    columns = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    for line in [] if quiet else _comparison.lines(content, folder, lang, columns):
        click.echo(printable(line), err=True)
    if not quiet:
        _console.directions(pages[0] if pages else None, ["sim", "open", str(folder)],
                            ["sim", "report", str(folder), "--brief"], lang=lang)
    click.echo(click.format_filename(folder))
