"""`sim smallest`"""

import pathlib
from typing import Any

import click

from sim.base.errors import NoSolution, printable
from sim.base.messages import _, in_locale
from sim.cli import _console, _interrupt, _options


@click.command("smallest")
@_options.scenario
@_options.settings
@click.option("--key", required=True, metavar="KEY", help="Number or date to vary, e.g. policies.tod.bonus.")
@click.option("--between", nargs=2, required=True, metavar="LOW HIGH", help="Range to search.")
@click.option("--target", type=_options.Number(), required=True,
              help="Value that the mean over replicates is to reach.")
@click.option("--of", "column", default="headquarters_in_zone", show_default=True, metavar="SCALAR",
              help="Output that is to reach it; SCALAR@2030-Q4 for a quarter.")
@click.option("--against", type=click.Path(), help="Scenario from which the effect is taken, under the same draws; "
              "without it the target is a level.")
@click.option("--replicates", type=click.IntRange(2, 100000), help="Replicates, instead of the scenario's.")
@click.option("--tolerance", type=_options.Number(0.0, min_open=True),
              help="Width at which bisection ends; by default a 64th of the range, for whole numbers 1 "
                   "and for dates a quarter.")
@click.option("--confidence", type=_options.Number(0.5, 0.999), default=0.95, show_default=True,
              help="Confidence level of intervals.")
@_options.threads
@click.option("--out", type=click.Path(), help="Folder for table and figure; by default outputs/<scenario>-smallest.")
@_options.force
@click.option("--figures/--no-figures", default=True, help="Draw the search.", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Print the value and nothing else.")
@_options.as_json
@_options.languages
def command(scenario: str, settings: tuple[str, ...], key: str, between: tuple[str, str], target: float, column: str,
            against: str | None, quiet: bool, as_json: bool, out: str | None, force: bool, figures: bool,
            languages: tuple[str, ...], **given: Any) -> None:
    """Find the smallest policy that reaches a target.

    One key of a policy is varied by bisection, under equal draws.

    A coarse grid of values comes first; the result says whether the mean rises throughout. The exit code is 3
    if no value reaches the target.

    \b
    Examples:
      sim smallest scenarios/shanghai-ftz.toml --key policies.ftz.openness.level --between 0 1 \\
          --target 5 --against scenarios/baseline.toml --replicates 20
      sim smallest scenarios/tod.toml --key policies.tod.bonus --between 0 1 --target 80
    """
    from sim.experiments.threshold import folder as search_folder
    from sim.experiments.threshold import objective
    from sim.model.shared_base_years import SharedBaseYears
    from sim.runs import output_folder
    from sim.runs.limits import processors
    from sim.scenario import load as scenarios

    loaded = scenarios.load(scenario, settings)
    variable = objective.search_variable(loaded, key)
    wanted = objective.Wanted(column, given["replicates"] or loaded.values.run.replicates,
                              given["jobs"] or processors(), SharedBaseYears())
    asked = search_folder.Asked(key, target, column, given["confidence"], bool(against), wanted.replicates)
    request = search_folder.request(variable, asked, _against(against, settings), between, given["tolerance"])
    place = out or pathlib.Path("outputs") / f"{loaded.name}-smallest"
    with _interrupt.stoppable(_interrupt.ANEW), output_folder.claimed(place, request, force) as folder:
        found = _searched(variable, wanted, between, _against(against, settings), "" if quiet or as_json else key,
                          target=target, tolerance=given["tolerance"], confidence=given["confidence"])
        _print(found, variable, (key, target, column, given["confidence"]), quiet, as_json)
        drawn = search_folder.write(folder, found, variable, asked, request, languages if figures else ())
    if not quiet and not as_json:
        seen = [["sim", "open", str(folder)]] if drawn else []
        again = [["sim", "run", scenario, "--set", f"{key}={_shown(variable, found.value)}"]]
        _console.directions(drawn, *seen, *(again if found.value == found.value else []), lang=languages[0])
    if found.value != found.value:
        raise NoSolution(_nothing(found, variable, key, target, column))


def _against(path, settings):
    """The scenario that effects are taken from, None for levels."""
    from sim.scenario import load as scenarios

    return scenarios.load(path, settings) if path else None


def _searched(variable, wanted, between, against, told, *, target, tolerance, confidence):
    """The search between two ends as typed, against a level; `told` names what is looked at."""
    from sim.experiments.threshold import bisection, objective
    from sim.model.preflight import validation

    low, high = (variable.number(text) for text in between)
    tolerance = tolerance or (1.0 if variable.whole else (high - low) / 64.0)
    bisection.refuse_bounds(low, high, tolerance, between)
    base = objective.of_scenario(against, validation.region_of(against), wanted) if against else 0.0

    def at(number):
        found = objective.of_scenario(variable.turned(number), variable.region, wanted) - base
        if told:
            click.echo(printable(f"{told} = {variable.value(number)}: {found.mean():.4g}"), err=True)
        return found

    return bisection.search(at, low, high, target, tolerance, confidence=confidence, whole=variable.whole)


def _print(found, variable, asked, quiet, as_json):
    """The result on stdout."""
    key, target, column, confidence = asked
    shown = {name: _shown(variable, getattr(found, name)) for name in ("value", "low", "high", "below")}
    if as_json:
        rows = [{"value": _shown(variable, value), "mean": mean, "error": error} for value, mean, error in found.seen]
        _console.print_json({"key": key, "of": column, "target": target, **shown, "monotone": found.monotone,
                             "crossings": found.crossings, "evaluations": rows})
        return
    if quiet:
        click.echo(shown["value"] if shown["value"] is not None else "none")
        return
    for line in _lines(found, shown, variable, asked):
        click.echo(printable(in_locale(line)))


def _lines(found, shown, variable, asked):
    key, target, column, confidence = asked
    if shown["value"] is not None:
        reached = {"key": key, "value": shown["value"], "target": target, "below": shown["below"]}
        yield _("{key} = {value} reaches {target:g}; {below} does not", **reached) if shown["below"] is not None \
            else _("{key} = {value} reaches {target:g}; it is the first value that was tried", **reached)
        low, high = (shown[end] if shown[end] is not None else _("beyond the range") for end in ("low", "high"))
        yield _("{confidence:.0%} interval of the value, from that of the mean: {low} to {high}", low=low, high=high,
                confidence=confidence)
    if found.monotone:
        yield _("the mean does not fall anywhere along the {count} values tried", count=len(found.seen))
    else:
        falls = _("NOT monotone: the mean falls somewhere along the {count} values tried", count=len(found.seen))
        yield _("{falls}; crossings of the target on the coarse grid: {crossings}; the value is the first crossing",
                falls=falls, crossings=found.crossings) if found.crossings else falls


def _nothing(found, variable, key, target, column):
    """The sentence on a search without a solution: what was looked at, and the nearest to the target."""
    best = max(found.seen, key=lambda each: each[1])
    first, last = (_shown(variable, end) for end in (found.seen[0][0], found.seen[-1][0]))
    return _("no value of {key} reaches {target:g}: of {count} values tried from {first} to {last}, the largest "
             "{column} is {most:.4g}, at {best}; change the range with --between, or lower --target", key=key,
             target=target, count=len(found.seen), first=first, last=last, column=column, most=best[1],
             best=_shown(variable, best[0]))


def _shown(variable, number):
    """A number of the search as a value of the key, None for none."""
    if number != number:
        return None
    value = variable.value(number)
    return value.isoformat() if variable.kind == "date" else value
