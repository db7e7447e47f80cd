"""`sim check`"""

import dataclasses
import json

import click

from sim.base.errors import InputError
from sim.base.messages import _, in_locale
from sim.cli import _console, _options


@click.command("check")
@_options.scenario
@_options.settings
@_options.as_json
@_options.messages
@_options.no_color
def command(scenario, settings, as_json):
    """Check a scenario file and its region without running it.

    Every problem is printed at once as file:line:column: key: what is wrong; what is expected; what to do. Where
    policies act on the same lever, a note says which of them counts.

    \b
    Examples:
      sim check scenarios/baseline.toml
      sim check demo/policy.toml --set time.end=2035-12-31
    """
    from sim.model.preflight.validation import notes, region_of, warnings
    from sim.scenario.load import load
    try:
        checked = load(scenario, settings)
        region = region_of(checked)
        doubts = [*checked.warnings, *warnings(checked, region)]
    except InputError as error:
        if as_json:
            _print_json(problems=[dataclasses.asdict(problem) for problem in error.problems])
        raise
    merged = notes(checked, region)
    _console.tell("warning", doubts)
    _console.tell("note", merged)
    if as_json:
        _print_json(warnings=[str(warning) for warning in doubts], notes=[str(note) for note in merged],
                    digest=checked.digest)
    else:
        click.echo(in_locale(_("{file}: good, {policies} policies, {warnings} warnings", warnings=len(doubts),
                               file=click.format_filename(scenario), policies=len(checked.values.policies))))


def _print_json(problems=(), warnings=(), notes=(), digest=None):
    click.echo(json.dumps({"good": not problems, "problems": problems, "warnings": warnings, "notes": notes,
                           "digest": digest}, ensure_ascii=False, indent=2))
