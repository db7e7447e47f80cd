"""Stopping: Ctrl-C and the signals of schedulers and closed terminals end in exit code 130."""

import _thread
import contextlib
import signal
import sys
import threading
import weakref
from collections.abc import Iterator

from sim.base.errors import Interrupted, Unanswered
from sim.base.messages import _

ANEW = _("the same command starts again")
SOON = 0.05                    # seconds after which an interrupt that was dropped is raised again


@contextlib.contextmanager
def stoppable(advice: str) -> Iterator[None]:
    """Inside, the first signal raises Interrupted with the advice; the second ends the process at once.

    A cluster, or workers, that do not answer end with the same advice. A signal that the caller ignores, as
    `nohup` does, stays ignored.
    """
    try:
        with raising("SIGINT", "SIGTERM", "SIGHUP"):
            yield
    except KeyboardInterrupt:
        raise Interrupted(_("stopped; {advice}", advice=advice)) from None
    except Unanswered as error:
        raise Unanswered(_("{error}; {advice}", error=error.args[0], advice=advice)) from None


@contextlib.contextmanager
def raising(*names: str) -> Iterator[None]:
    """Inside, the first of these signals raises KeyboardInterrupt, and the second ends the process.

    The exception can come up anywhere, so also where C, or Python in a destructor, drops it: then it is raised again.
    In the midst of an import it may come out as another error: that error counts as it.
    """
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] is not signal.SIG_IGN]
    stops: list[weakref.ref[_Stop]] = []

    def stop(number, frame):                 # the only way in which Python hears a signal
        for other in heard:
            signal.signal(other, signal.SIG_DFL)
        raise made()

    def made():                              # not in `stop`, whose frame the exception keeps
        error = _Stop()
        stops.append(weakref.ref(error, dropped))
        return error

    def dropped(_gone):
        if stops:
            signal.signal(signal.SIGINT, stop)
            threading.Timer(SOON, _thread.interrupt_main).start()

    try:
        with _silent():
            for number in heard:
                signal.signal(number, stop)
            yield
    except Exception:
        if stops:
            raise KeyboardInterrupt from None
        raise
    finally:
        stops.clear()
        for number in heard:
            signal.signal(number, before[number] or signal.SIG_DFL)


class _Stop(KeyboardInterrupt):
    """One that is known to be gone when nobody holds it; exceptions of Python itself cannot be watched."""


@contextlib.contextmanager
def _silent():
    """Inside, Python does not show a KeyboardInterrupt that it drops."""
    shown = sys.unraisablehook
    sys.unraisablehook = lambda lost: None if issubclass(lost.exc_type, KeyboardInterrupt) else shown(lost)
    try:
        yield
    finally:
        sys.unraisablehook = shown
