"""`sim sensitivity`"""

import json
import pathlib
from typing import Any

import click

from sim.base.errors import printable
from sim.base.messages import _
from sim.cli import _console, _options


@click.command("sensitivity")
@click.argument("sweep", type=click.Path())
@_options.settings
@click.option("--experiment", default="", metavar="NAME", help="Experiment of the sweep, if it has several with axes.")
@click.option("--of", "column", default="headquarters_in_zone", show_default=True, metavar="SCALAR",
              help="What is analysed; SCALAR@2030-Q4 at a quarter that the sweep kept.")
@click.option("--effect", "effects", multiple=True, metavar="SCENARIO",
              help="Only the effect of this scenario; may be repeated.")
@click.option("--against", default="", metavar="NAME",
              help="What effects are taken against: a scenario, or an experiment with one point; by default the "
                   "first scenario, or the only experiment without axes.")
@click.option("--levels", is_flag=True, help="Analyse levels instead of effects.")
@click.option("--on-failed", type=click.Choice(["refuse", "leave-out"]), default="refuse", show_default=True,
              help="Whether to refuse an analysis with failed runs, or to leave out the points (base points, "
                   "trajectories) they belong to.")
@click.option("--confidence", type=_options.Number(0.5, 0.999), default=0.95, show_default=True,
              help="Confidence level of intervals.")
@click.option("--out", type=click.Path(), help="Folder for tables and figures; by default analysis/ in the sweep's.")
@click.option("--jobs", type=click.IntRange(1), help="Processes for a sweep file that has not been run yet.")
@click.option("--figures/--no-figures", default=True, help="Draw figures.", show_default=True)
@_options.quiet
@_options.as_json
@_options.languages
def command(sweep: str, settings: tuple[str, ...], experiment: str, column: str, out: str | None, jobs: int | None,
            figures: bool, quiet: bool, as_json: bool, languages: tuple[str, ...], **given: Any) -> None:
    """Analyse what the results of a sweep depend on.

    Morris, Sobol', tornado, heat maps, phase diagrams and regret, as the design allows.

    SWEEP is the folder of a finished sweep, or a sweep file, which is run first as `sim sweep` would. What
    is analysed is the effect of each scenario against the first one under equal draws, or levels where
    there is one scenario.

    \b
    Examples:
      sim sensitivity outputs/peers-reach
      sim sensitivity scenarios/sweeps/ftz-depth-start.toml --of headquarters_in_zone@2035-Q4
      sim sensitivity outputs/regimes-sobol --effect shanghai-ftz --lang zh
    """
    from sim.experiments.sensitivity import analyse, quantity
    from sim.experiments.sensitivity import folder as analysis_folder
    from sim.report import sweep_page

    folder = _folder(sweep, settings, jobs, quiet or as_json)
    swept = quantity.swept(folder, experiment)
    asked = analyse.Asked(column, tuple(given["effects"]), given["against"], given["levels"],
                          given["on_failed"] == "leave-out", given["confidence"])
    found = list(analyse.analyse(swept, asked))
    place = analysis_folder.write(out or folder / "analysis", swept, asked, found, languages if figures else ())
    drawn = sweep_page.write(place, languages) if figures else []
    if as_json:
        _console.print_json([_plain(each) for each in found])
    elif quiet:
        click.echo(click.format_filename(place))
    else:
        _tell(found, analysis_folder.Names(swept), asked, languages[0])
        click.echo(click.format_filename(place), err=True)
        _console.directions(drawn[0] if drawn else None, ["sim", "open", str(place)], lang=languages[0])


def _folder(sweep, settings, jobs, silent):
    """The folder of a sweep; a sweep file is run into its own first, unless that is done already."""
    path = pathlib.Path(sweep)
    if path.is_dir() or path.suffix != ".toml":
        if settings:
            raise click.UsageError(_("--set is for sweep files; the runs of this folder are made already"))
        return path
    from sim.cli._interrupt import stoppable
    from sim.experiments.sweep import sweep as sweeping
    from sim.experiments.sweep import sweep_file
    from sim.runs.limits import processors
    from sim.runs.sweep_progress import follow

    folder, typed = pathlib.Path("outputs") / path.stem, _console.typed()
    job = sweeping.Job(sweep_file.read(sweep, settings), folder, jobs or processors(), command=typed)
    with stoppable(_("finished runs are kept; continue with: {command}", command=typed)):
        follow(sweeping.run(job), silent)
    return folder


def _tell(found, names, asked, lang):
    """Tables on stdout, each under what it is of, and what is to be known about it; in English as files name them."""
    import pandas as pd

    from sim.plots.sensitivity import registry
    from sim.plots.sensitivity.words import scalar, word
    from sim.report import sweep_page

    for each in found:
        if each.kind == "phases":
            continue
        entry = registry.get(each.kind)
        what = names.text(each.quantity, lang) if each.quantity else scalar(asked.column, names.spoken(lang))
        title = entry.title_zh if lang == "zh" else entry.title
        click.echo(f"\n{printable(title)}{word('colon', lang)}{printable(what)}")
        for key, parts in each.notes:
            click.echo(f"  {printable(word(key, lang, **parts))}")
        with pd.option_context("display.unicode.east_asian_width", True):
            head, rows = sweep_page.in_words(each.table, names, lang)
            table = each.table if lang == "en" else pd.DataFrame(rows, columns=head)
            text = table.to_string(index=False, float_format=lambda value: f"{value:.4g}")
        click.echo("\n".join(printable(line) for line in text.split("\n")))


def _plain(each):
    """An analysis as JSON has it; nan is no JSON."""
    rows = json.loads(each.table.to_json(orient="records", date_format="iso"))
    quantity = each.quantity and {"column": each.quantity.column, "unit": each.quantity.unit,
                                  "scenario": each.quantity.scenario, "against": each.quantity.against}
    notes = json.loads(json.dumps({key: {name: value if value == value else None for name, value in parts.items()}
                                   for key, parts in each.notes}))
    return {"kind": each.kind, "name": each.name, "quantity": quantity, "notes": notes, "table": rows}
