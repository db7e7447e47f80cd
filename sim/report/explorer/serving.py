"""The live explorer, from what was typed until the terminal ends it."""

import contextlib
import threading
import webbrowser
from collections.abc import Iterator

from sim.experiments.explorer.opening import Asked
from sim.report.explorer import page
from sim.report.explorer.server import Server
from sim.report.explorer.session import Session

REPLICATES = 20


@contextlib.contextmanager
def serving(asked: Asked, lang: str, replicates: int | None = None, jobs: int = 1, port: int = 0) -> Iterator[Server]:
    """A Server that answers while inside; at the end its threads end, and nothing is left."""
    session = Session(asked, lang, replicates or REPLICATES, jobs)
    with contextlib.closing(session):
        with Server(session, port) as server:
            session.begin()
            page.page(session.content(0), "ready")                   # so that the first visit does not wait for it
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            thread.start()
            try:
                yield server
            finally:
                server.shutdown()


def opened_in_browser(address: str) -> bool:
    """Whether there is a browser, which now shows the address."""
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
