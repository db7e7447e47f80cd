"""`sim new`"""

import click

from sim.base.messages import _, translate
from sim.cli import _options


@click.command("new")
@click.argument("name", type=click.Path())
@_options.lang
@_options.no_color
def command(name: str, lang: str) -> None:
    """Make a folder with two commented scenarios.

    baseline.toml explains every parameter, policy.toml adds a policy to it.

    \b
    Examples:
      sim new demo
      sim new demo-zh --lang zh
    """
    from sim.scenario.template import write
    baseline, policy = write(name, lang)
    click.echo(baseline)
    click.echo(policy)
    command = f"sim run {baseline} --replicates 20 --out outputs/{baseline.parent.name}"
    click.echo(translate(_("next: {command}", command=command), lang), err=True)
