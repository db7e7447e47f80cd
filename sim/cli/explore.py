"""`sim explore`"""

import contextlib
import pathlib
import threading
from typing import Any

import click

from sim.base.errors import Interrupted
from sim.base.messages import _, in_locale
from sim.cli import _console, _options


@click.command("explore")
@click.argument("scenarios", nargs=-1, type=click.Path())
@click.option("--save", type=click.Path(path_type=pathlib.Path), metavar="PAGE.HTML",
              help="Write one page that needs no program beside it, instead of serving one.")
@click.option("--control", "controls", multiple=True, metavar="KEY[=VALUE,...]",
              help="One more control; in a saved page, one of at most five and its values. May be repeated.")
@_options.settings
@click.option("--replicates", type=click.IntRange(2, 1000), help="Paired replicates of an answer; 20 by default.")
@_options.threads
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True,
              help="Port on this machine; 0 for any that is free.")
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Print the address or the file and nothing else.")
@_options.lang
def command(scenarios: tuple[str, ...], save: pathlib.Path | None, controls: tuple[str, ...],
            settings: tuple[str, ...], replicates: int | None, jobs: int | None, port: int, browser: bool,
            quiet: bool, lang: str) -> None:
    """Explore policies and assumptions in the browser.

    SCENARIOS are scenario files: one is shown beside the first file that it extends, of several the first is the
    baseline. Without any, those in scenarios/. A sweep file with a grid of at most five axes is the design of a
    saved page.

    \b
    Examples:
      sim explore scenarios/shanghai-ftz.toml
      sim explore scenarios/shanghai-ftz.toml --save page.html --lang zh
      sim explore scenarios/tod.toml --save tod.html --control policies.tod.bonus=0.1,0.2,0.4
      sim explore scenarios/sweeps/explore-ftz-innovation.toml --save ftz-innovation.html
    """
    from sim import front_door
    from sim.cli import _warnings
    from sim.cli._interrupt import stoppable

    given: dict[str, Any] = dict(settings=settings, controls=controls, replicates=replicates, jobs=jobs, lang=lang)
    if save:
        kept = _("finished simulations are kept beside the page; run the same command again to continue")
        with stoppable(kept), _warnings.told(quiet):
            page = front_door.explored(*scenarios, save=save, quiet=quiet, **given)
        click.echo(click.format_filename(page))
        if not quiet:
            live = not any(pathlib.Path(each).is_dir() for each in scenarios)      # a comparison is made already
            _console.directions(page, ["sim", "explore" if live else "open", *scenarios], lang=lang)
        return
    with contextlib.suppress(Interrupted), stoppable(_("the page was closed")), _warnings.told(quiet), \
            front_door.explore(*scenarios, port=port, quiet=quiet, **given) as server:
        _tell(server, browser, quiet, ["sim", "explore", *scenarios, "--save", "page.html"])
        threading.Event().wait()


def _tell(server, browser, quiet, saving):
    """Print the address and open it; `saving` is the command that keeps the page."""
    from sim.report.explorer import serving

    click.echo(server.address)
    found = browser and serving.opened_in_browser(server.address)
    if not quiet:
        text = _("the page stays open until you press Ctrl-C") if found else \
            _("open this address in a browser on this machine; press Ctrl-C to stop")
        click.echo(in_locale(text), err=True)
        _console.directions(None, saving)
