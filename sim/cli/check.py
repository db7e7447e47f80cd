"""`sim check`"""

import dataclasses

import click

from sim.base.errors import InputError
from sim.base.messages import _, in_locale
from sim.cli import _console, _options

MUCH = 2**30                   # bytes of memory that are worth a line


@click.command("check")
@_options.scenario
@_options.settings
@_options.as_json
@_options.messages
def command(scenario: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Check a scenario file and its region without running it.

    All problems are printed at once, as file:line:column: key: what is wrong; what is expected; what to do.
    Where several policies act on the same lever, a note says which of them applies.

    \b
    Examples:
      sim check scenarios/baseline.toml
      sim check demo/policy.toml --set time.end=2035-12-31
    """
    from sim import front_door
    from sim.cli import _warnings

    try:
        with _warnings.told():
            found = front_door.check(scenario, settings=settings)
    except InputError as error:
        if as_json:
            _print_json(problems=error.problems)
        raise
    _console.tell("note", found.notes)
    if as_json:
        _print_json(warnings=found.warnings, notes=found.notes, digest=found.scenario.digest)
    else:
        click.echo(in_locale(_("{file}: no errors; policies: {policies}; warnings: {warnings}",
                               warnings=len(found.warnings), file=click.format_filename(scenario),
                               policies=len(found.scenario.values.policies))))
        if found.memory > MUCH:
            click.echo(in_locale(_("running it takes about {size:.1f} GiB of memory", size=found.memory / 2**30)))
        _console.directions(None, ["sim", "run", scenario])


def _print_json(problems=(), warnings=(), notes=(), digest=None):
    told = {"problems": problems, "warnings": warnings, "notes": notes}
    content = {kind: [dataclasses.asdict(each) for each in found] for kind, found in told.items()}
    _console.print_json({"good": not problems, **content, "digest": digest})
