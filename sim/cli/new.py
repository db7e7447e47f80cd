"""`sim new`"""

import click

from sim.cli import _completion, _console, _options


@click.command("new")
@click.argument("name", type=click.Path())
@click.option("--full", is_flag=True, help="Write every parameter, and an example of every policy.")
@click.option("--region", default="yrd-zone", show_default=True, metavar="NAME",
              shell_complete=_completion.regions,
              help="Region, or its folder, that the scenarios are about.")
@_options.lang
def command(name: str, full: bool, region: str, lang: str) -> None:
    """Make a folder with two commented scenarios.

    baseline.toml repeats the baseline of the region; policy.toml adds a policy to it.

    \b
    Examples:
      sim new demo
      sim new demo-zh --lang zh
      sim new every-parameter --full
    """
    from sim.scenario.template import write
    baseline, policy = write(name, lang, full, region)
    click.echo(baseline)
    click.echo(policy)
    out = f"outputs/{baseline.parent.name}"
    _console.directions(None, ["sim", "run", str(baseline), "--replicates", "20", "--out", out], lang=lang)
