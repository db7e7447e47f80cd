"""`sim open`"""

import os
import pathlib

import click

from sim.base.errors import InputError, Problem
from sim.base.messages import _, in_locale
from sim.cli import _options

PAGES = {"en": "report.html", "zh": "report.zh.html"}
OTHERS = ("brief.{lang}.html", "search.{lang}.svg", "bifurcation.{lang}.svg")      # where there is no report
OUTPUTS = pathlib.Path("outputs")


@click.command("open")
@click.argument("folder", type=click.Path(), required=False)
@_options.lang
def command(folder: str | None, lang: str) -> None:
    """Open the page of a run, a comparison or a sweep in a browser.

    Without FOLDER, opens the newest page below outputs/. In a folder of briefs it opens the brief, in a
    folder of a search or of equilibria the figure; a file is opened as it is. Prints the path.

    \b
    Examples:
      sim open
      sim open outputs/baseline --lang zh
    """
    import webbrowser

    page = _page(pathlib.Path(folder) if folder else _newest(), lang)
    click.echo(click.format_filename(page))
    if not webbrowser.open(page.resolve().as_uri()):
        click.echo(in_locale(_("note: there is no browser here; open the file yourself")), err=True)


def _newest():
    """The folder below outputs/ whose page was written last."""
    found = [path for name in PAGES.values() for pattern in ("*", "*/analysis")
             for path in OUTPUTS.glob(f"{pattern}/{name}")]
    if not found:
        raise InputError(Problem(str(OUTPUTS), "", _("there is no page here yet"), "",
                                 _("make one with `sim run` or `sim compare`")))
    return max(found, key=lambda path: path.stat().st_mtime).parent


def _page(folder, lang):
    """The page of a folder in a language, else in the other; of a sweep that of its analysis; a file itself."""
    if folder.is_file():
        return folder
    languages = (lang, *(other for other in PAGES if other != lang))
    reports = [place / PAGES[one] for place in (folder, folder / "analysis") for one in languages]
    others = [folder / name.format(lang=one) for name in OTHERS for one in languages]
    found = next((path for path in (*reports, *others) if path.is_file()), None)
    if not os.path.exists(folder):
        raise InputError(Problem(str(folder), "", _("there is no such folder"), _("a folder of results")))
    if found is None:
        raise InputError(Problem(str(folder), "", _("there is no page in this folder"), "",
                                 _("draw it with `sim report`")))
    return found
