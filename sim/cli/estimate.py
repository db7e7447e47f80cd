"""`sim estimate`"""

from typing import Any

import click

from sim.base.errors import printable
from sim.base.messages import _, joined, translate
from sim.cli import _console, _interrupt, _options


@click.command("estimate")
@click.argument("firms", type=click.Path())
@click.option("--spec", type=click.Path(), required=True, help="File that says what stands in which column, which "
              "places there are, and what is estimated.")
@click.option("--out", type=click.Path(), help="Folder of tables and page; by default outputs/NAME-estimate.")
@_options.force
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary: print the folder only.")
@_options.as_json
@_options.languages
def command(firms: str, spec: str, out: str | None, force: bool, quiet: bool, as_json: bool,
            languages: tuple[str, ...]) -> None:
    """Estimate the choice of places from a list of firms.

    FIRMS is a CSV file (UTF-8 or GB18030, also .gz) or a workbook (XLSX). Conditional, nested and mixed logit of
    where firms arrive and move to, hazard of moving, standard errors, and a bracket for the effect of firms on
    firms. It may also be a table of choices of any kind, long or wide, where the spec has a section [table].
    Writes coefficients.csv, data.csv (which rows were dropped and why), a page, and estimated.toml, which a
    scenario can extend.

    \b
    Examples:
      sim estimate scenarios/estimation/us-headquarters.csv.gz --spec scenarios/estimation/us-headquarters.toml
    """
    from sim.front_door import estimate

    with _interrupt.stoppable(_interrupt.ANEW):
        found = estimate(firms, spec=spec, out=out, force=force, languages=languages, quiet=quiet or as_json,
                         command=printable(_console.typed()))
    if as_json:
        _console.print_json(found.content)
        return
    if not quiet:
        from sim.report import estimation_page

        for line in _lines(estimation_page.named(found.content, languages[0])):
            click.echo(printable(translate(line, languages[0])))
    click.echo(found.folder)
    if not quiet:
        _console.directions(found.pages[0], ["sim", "open", str(found.folder)], lang=languages[0])


def _lines(said: dict[str, Any]) -> Any:
    """What was read and found, in a few lines."""
    dropped = sum(line["rows"] for line in said["data"] if line["fate"] == "dropped")
    if "alternatives" in said:
        yield _("deciders: {deciders:,}; alternatives: {alternatives}; dropped: {dropped:,} (data.csv)",
                dropped=dropped, deciders=said["deciders"], alternatives=len(said["alternatives"]))
    else:
        yield _("firms: {firms:,}; places: {places}; years: {first} to {last}; rows dropped: {dropped:,} (data.csv)",
                dropped=dropped, **{key: said[key] for key in ("firms", "places", "first", "last")})
    for kind, each in said["kinds"].items():
        for model in each["models"]:
            yield _("{count:,} {kind}, effects of places: {effects}", count=model["count"], kind=_(kind),
                    effects=_(model["effects"])) if kind != "choices" else \
                _("{count:,} choices, conditional logit, log-likelihood {value:.3f}; with constants alone "
                  "{shares:.3f}, at zero {null:.3f}; rho squared {fit:.3f}, adjusted {adjusted:.3f}",
                  value=model["likelihood"],
                  **{key: model[key] for key in ("count", "shares", "null", "fit", "adjusted")})
            yield _coefficients(model)
            for bound in each["bracket"]:
                if bound["null_sd"] is not None and bound["effects"] == model["effects"]:
                    yield _("  in worlds without peers this estimator gives {name} {mean:.2f} ({sd:.2f})",
                            name=bound["name"], mean=bound["null_mean"], sd=bound["null_sd"])
        yield from _ratios(each, "none")
        for name, text in (("nested", _("nested logit, log-likelihood {value:.3f}")),
                           ("mixed", _("mixed logit, log-likelihood {value:.3f}"))):
            if each[name]:
                yield _(text, value=each[name]["likelihood"])
                yield _coefficients(each[name])
                yield from _ratios(each, name)


def _ratios(each: dict[str, Any], model: str) -> Any:
    """A line for each ratio of coefficients of a model, with its error."""
    for row in each.get("ratios", ()):
        if row["model"] == model:
            yield joined("", [f"  {row['name']}: {row['of']} / {row['to']} = {row['value']:.3g} ({row['error']:.2g})"])


def _coefficients(model: dict[str, Any]) -> Any:
    """A line of coefficients with their errors."""
    parts = [f"{row['name']} {row['value']:.3g} ({row['clustered']:.2g})" for row in model["rows"]
             if row["value"] is not None]
    return joined("", ["  ", joined(_("; "), parts)])
