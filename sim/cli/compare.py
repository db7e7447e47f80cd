"""`sim compare`, and the table of effects that it prints."""

from __future__ import annotations

import math
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from sim.base.errors import SomeRunsFailed, printable
from sim.base.messages import _, translate
from sim.base.own_words import own
from sim.base.printed import decimals
from sim.cli import _comparison, _console, _options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.experiments.compare.effects import Effects

COLUMNS = (_("scenario"), _("level"), _("effect"), _("s.e."), _("in %"), _("5-95 % of effect"), _("P(best)"),
           _("assumed dV"), _("effect / dV"))


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
@click.option("--jobs", type=click.IntRange(1), help="Number of worker processes; by default one per processor.")
@click.option("--precision", type=_options.Number(0.0, min_open=True), default=0.5, show_default=True,
              help="Desired half-width of the 95 % interval of an effect; the output says how many replicates it "
                   "takes.")
@click.option("--leakage-over", metavar="SHARES", callback=_numbers, help="Show leakage for these outside shares of "
              "entrants (an input), the number of entries held constant, e.g. 0.1,0.2,0.4; each share takes a run of "
              "every scenario.")
@click.option("--leave-one-out", type=click.Choice(["paying", "all"]),
              help="Also run every scenario without each of its policies in turn (those that pay enterprises, or "
              "all): gives but-for shares and what each policy adds to the others.")
@click.option("--uncertainty", type=click.IntRange(2), metavar="N",
              help="Draw the parameters N times from their ranges, the same for all scenarios.")
@click.option("--per-draw", type=click.IntRange(2), default=4, show_default=True,
              help="Replicates of each draw of the parameters.")
@click.option("--force", is_flag=True, help="Replace another comparison in the folder.")
@_options.figures
@_options.quiet
@_options.as_json
@_options.languages
def command(scenarios: tuple[str, ...], leakage_over: tuple[float, ...], leave_one_out: str, uncertainty: int,
            figures: bool, quiet: bool, as_json: bool, languages: tuple[str, ...], **options: Any) -> None:
    """Compare scenarios that share all random draws.

    SCENARIOS are scenario files or folders of finished runs; write NAME=FILE or NAME=FOLDER to name one. Runs
    that are missing are made; finished ones are reused.

    \b
    Examples:
      sim compare scenarios/baseline.toml scenarios/shanghai-ftz.toml
      sim compare scenarios/*.toml --baseline no-policy --replicates 20
      sim compare outputs/baseline ftz=outputs/shanghai-ftz --lang zh
      sim compare scenarios/baseline.toml scenarios/dual-regime.toml --uncertainty 50
    """
    from sim import front_door
    from sim.cli import _warnings
    from sim.cli._interrupt import stoppable

    typed = _console.typed()
    with stoppable(_("finished replicates are kept; continue with: {command}", command=typed)), _warnings.told(quiet):
        found = front_door.compare(*scenarios, outside_shares=leakage_over, leave_out=leave_one_out or "",
                                   draws=uncertainty or 0, languages=languages if figures else (),
                                   quiet=quiet or as_json, command=typed, **options)
    _show(found, quiet, as_json, languages[0])
    if found.failure:
        raise SomeRunsFailed(found.failure)


def _show(found, quiet, as_json, lang):
    """The headline on stderr, the folder or comparison.json on stdout."""
    from sim.experiments.compare.folder import json_bytes

    folder = found.folder
    if as_json:
        told = json_bytes({"folder": str(folder), **found.content})
        click.echo(told.decode("utf-8", "replace"), nl=False)
        return
    columns = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    for line in [] if quiet else lines(found.analysed.effects, found.content, folder, lang, columns):
        click.echo(printable(line), err=True)
    if not quiet:
        _console.directions(found.pages[0] if found.pages else None,
                            ["sim", "open" if found.pages else "report", str(folder)],
                            ["sim", "report", str(folder), "--brief"], lang=lang)
    click.echo(click.format_filename(folder))


def lines(effects: Effects, content: Mapping[str, Any], folder: Path, lang: str, columns: int = 0) -> list[str]:
    """Headline lines of a comparison in a language; in so many columns of a terminal, 0 for any number."""
    titles = {each["name"]: each[f"title_{lang}"] for each in content["scenarios"]}
    head = _("Headquarters in the zone (base-year criteria), {end}: effect against {baseline}, mean over paired "
             "replicates (n = {n})", end=content["end"], baseline=titles[content["baseline"]], n=content["members"],
             zone=content.get("zone_zh") or own(lang, "zone"))
    rows = [[translate(cell, lang) for cell in row] for row in (COLUMNS, *_rows(effects, content, titles))]
    said = [*(_("Read first: {scenario}: {text}", scenario=titles.get(each["scenario"], ""), text=each[f"text_{lang}"])
              for each in content["warnings"]),
            head, *_aligned(rows, columns), *_comparison.notes(content, titles, lang),
            _("Tables: {files}", files=f"{folder}/comparison.json, {', '.join(content['tables'].values())}")]
    return [translate(line, lang) for line in said]


def _rows(effects, content, titles):
    found = [each for each in effects.headline if each["measure"] == "headquarters"]
    per_unit = {each["scenario"]: each for each in content.get("per_unit", []) if each["measure"] == "headquarters"}
    best = {each["scenario"]: each["best"] for each in content["ranking"]}
    yield titles[content["baseline"]], decimals(found[0]["baseline"]), _("(baseline)"), "", "", "", \
        f"{best[content['baseline']]:.0%}", "", ""
    for each in sorted(found, key=lambda each: -each["mean"]):
        unit = per_unit[each["scenario"]]
        yield (titles[each["scenario"]], decimals(each["value"]), decimals(each["mean"], 2, sign=True),
               _number(each["se"], ".2f"), _number(unit["percent"], "+.1f"),
               f"[{decimals(each['p05'], sign=True)}, {decimals(each['p95'], sign=True)}]",
               f"{best[each['scenario']]:.0%}", f"{unit['assumed_dv']:.3f}", _number(unit["per_unit"], ",.0f"))


def _number(value, form):
    return "" if value is None or math.isnan(value) else format(value, form)


def _aligned(rows, columns=0):
    """Rows as lines; the first column left, all others right, Chinese counted as wide as it is.

    Where they are wider than so many columns, the first cell has a line of its own.
    """
    from rich.cells import cell_len

    widths = [max(cell_len(row[k]) for row in rows) for k in range(len(rows[0]))]
    above = 0 < columns < sum(widths) + 2 * len(widths)
    for row in rows:
        first = row[0] if above else row[0] + " " * (widths[0] - cell_len(row[0]))
        cells = [f"{' ' * (width - cell_len(cell))}{cell}" for width, cell in zip(widths[1:], row[1:])]
        numbers = "  ".join(cells).rstrip()
        yield from (f"  {first}", f"  {numbers}") if above else (f"  {first}  {numbers}".rstrip(),)
