"""`sim targets`"""

import pathlib

import click

from sim.cli import _options


@click.command("targets")
@click.argument("scenario", type=click.Path(), default="scenarios/baseline.toml")
@_options.settings
@click.option("--replicates", type=click.IntRange(2), default=100, show_default=True,
              help="Replicates to run.")
@click.option("--out", type=click.Path(), help="Folder of the tables; by default outputs/NAME-targets.")
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("-q", "--quiet", is_flag=True, help="Print the folder only.")
@_options.lang
@_options.no_color
def command(scenario, settings, replicates, out, jobs, quiet, lang):
    """Compare the demography of a scenario's runs with what it asks for.

    Survival by age, spin-offs, moves, entries, exits, growth and the tail of sizes, each with its
    target, range and source; writes targets.csv and targets.md.

    \b
    Examples:
      sim targets
      sim targets scenarios/baseline.toml --replicates 20 --out check
      sim targets --set spinoff.share=0.35 --replicates 10
    """
    from sim import run, storage, summary
    from sim.experiment import history, targets
    from sim.scenario import load
    from sim.validation import located, region_of

    loaded = load(scenario, settings)
    folder = storage.open_folder(pathlib.Path(out or pathlib.Path("outputs") / f"{loaded.name}-targets"))
    with located(loaded):
        parts = list(history.histories(region_of(loaded), loaded, replicates, jobs or run.processors()))
    table = targets.table(loaded.values, parts)
    storage.write_bytes(folder / "targets.csv", summary.csv_of(table))
    text = targets.markdown(table, lang)
    storage.write_bytes(folder / "targets.md", text.encode())
    click.echo(folder if quiet else f"{text}\n{folder}")
