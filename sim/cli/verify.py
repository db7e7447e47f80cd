"""`sim verify`"""

import pathlib

import click

from sim.base.errors import InputError, Problem, SomeRunsFailed, printable
from sim.base.messages import _, in_locale, joined, locale_language
from sim.cli import _console, _interrupt, _options


@click.command("verify")
@click.option("--quick/--full", "quick", default=True, show_default=True,
              help="The quick form takes about a minute; the full form adds large cases.")
@click.option("--only", "names", multiple=True, metavar="T08", help="One theorem; may be repeated.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
              help="An argument of the one theorem of --only, e.g. --set cost=3.0: a case of your own.")
@click.option("--cases", type=click.Path(), help="A TOML file with cases of your own, [[T08]] tables.")
@click.option("--all", "long", is_flag=True, help="Print every comparison, not the tightest of each case.")
@click.option("--out", type=click.Path(), help="Write a Markdown page, or its generated part if the page is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@_options.as_json
@_options.messages
def command(quick: bool, names: tuple[str, ...], settings: tuple[str, ...], cases: str | None, long: bool,
            out: str | None, quiet: bool, as_json: bool) -> None:
    """Check the program against theory, on this machine.

    Closed forms and published figures: every theorem runs the production code on small worlds.
    Exit code 3 if one fails.

    \b
    Examples:
      sim verify
      sim verify --only T08 --only T23 --all
      sim verify --only T09 --set "utility=[0.0, 1.0, 2.0]" --set cost=3.0
      sim verify --full --out docs/validation.md
    """
    from sim.runs import progress
    from sim.verification import run as verification

    page = _page(verification, out)
    wanted = _wanted(verification, quick, names, settings, cases)
    checks: list[verification.Check] = []
    with _interrupt.stoppable(_interrupt.ANEW):
        progress.follow(_collect(verification.run(wanted), checks), quiet, _("cases"))
    if out:
        _write(verification, checks, pathlib.Path(out), quick, page)
    if as_json:
        _console.print_json([verification.record(check) for check in checks])
    else:
        _print(verification, checks if long else verification.tightest(checks))
        click.echo(in_locale(_total(verification, checks)))
    if not (as_json or quiet):
        _console.directions(pathlib.Path(out) if out else None, _next(verification.failed(checks), quick))
    if verification.failed(checks):
        raise SomeRunsFailed(_("refuted: {names}", names=", ".join(verification.failed(checks))))


def _next(failed, quick):
    """Every comparison of what was refuted; else what this form left out; else what runs are compared with."""
    if failed:
        return ["sim", "verify", *(part for name in failed for part in ("--only", name)), "--all"]
    return ["sim", "verify", "--full"] if quick else ["sim", "targets"]


def _wanted(verify, quick, names, settings, cases):
    if settings and len(names) != 1:
        raise InputError(Problem("--set", "", _("it is for one theorem"), remedy=_("name one with --only")))
    if settings:
        return [verify.given(names[0], settings)]
    if cases:
        return [task for task in verify.read(cases) if not names or task.theorem.name in names]
    return verify.tasks(names, full=not quick)


def _collect(steps, checks):
    """The steps as progress knows them, their checks kept."""
    for done, total, found in steps:
        checks += found
        yield done, total


def _print(verify, checks):
    from rich.cells import cell_len, set_cell_size

    lines = [[in_locale(cell) for cell in line] for line in (verify.HEAD, *map(verify.cells, checks))]
    widths = [max(map(cell_len, column)) for column in zip(*lines)]
    seen = None
    for check, line in zip((None, *checks), lines):
        if check and check.theorem is not seen:
            seen = check.theorem
            title = seen.title_zh if locale_language() == "zh" else seen.title
            click.secho(printable(f"{seen.name}  {title} ({in_locale(_(seen.source))})"), bold=True)
        text = "  ".join(map(set_cell_size, line[1:], widths[1:]))
        click.secho(printable(f"  {text}").rstrip(), fg="red" if check and not check.row.holds else None)


def _total(verify, checks):
    failing = verify.failed(checks)
    number = len({check.theorem.name for check in checks})
    seconds = sum({(check.theorem.name, check.case): check.seconds for check in checks}.values())
    verdict = _("{names} refuted", names=joined(_(", "), failing)) if failing else _("all hold")
    return _("theorems: {theorems}; comparisons: {comparisons}; {seconds:.0f} s: {verdict}", theorems=number,
             comparisons=len(checks), seconds=seconds, verdict=verdict)


def _page(verify, out):
    """The page that is there, of which the generated part is replaced; InputError for a file without one."""
    path = pathlib.Path(out or "")
    if not out or not path.exists():
        return ""
    if path.is_dir():
        raise InputError(Problem(out, "", _("it is a folder"), _("the name of a page, such as page.md")))
    page = path.read_text("utf-8", errors="replace")
    if page and not verify.BLOCK.search(page):
        raise InputError(Problem(out, "", _("it already exists, and has no part that sim verify wrote"), "",
                                 _("choose another name")))
    return page


def _write(verify, checks, path, quick, page):
    from sim.base import files, provenance

    versions = provenance.versions()
    libraries = ", ".join(f"{name} {versions[name]}" for name in ("numpy", "numba", "scipy"))
    about = (f"{_total(verify, checks)}. {'Quick' if quick else 'Full'} form, version "
             f"{provenance.program(versions)}, Python {versions['python']}, {libraries}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(path, verify.placed(verify.markdown(checks, about), page).encode())
