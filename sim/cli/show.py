"""`sim show`"""


import click

from sim.cli import _console, _options


@click.command("show")
@_options.scenario
@_options.settings
@_options.as_json
@_options.lang
def command(scenario: str, settings: tuple[str, ...], as_json: bool, lang: str) -> None:
    """Show every parameter and where its value comes from.

    The output is itself a scenario file that gives the same results.

    \b
    Examples:
      sim show scenarios/shanghai-ftz.toml
      sim show scenarios/shanghai-ftz.toml > frozen.toml
      sim show demo/policy.toml --json --lang zh
    """
    from sim.scenario.load import load
    shown = load(scenario, settings)
    if as_json:
        _console.print_json([_row(entry, lang) for entry in shown.entries()], default=str)
    else:
        click.echo(shown.resolved_toml(lang), nl=False)
        same = [scenario, *(part for one in settings for part in ("--set", one))]
        _console.directions(None, ["sim", "check", *same], ["sim", "run", *same], lang=lang)


def _row(entry, lang):
    from sim.config.toml_file import dotted
    row = entry.row
    return {"key": dotted(entry.path), "value": entry.value, "unit": row.unit, "evidence": row.evidence,
            "source": row.source_in(lang), "allowed": row.allowed, "range": row.range, "origin": entry.origin,
            "doc": row.doc_in(lang)}
