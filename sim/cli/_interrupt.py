"""Stopping: Ctrl-C and the signals of schedulers and closed terminals end in exit code 130."""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
from typing import TYPE_CHECKING

from sim.base.errors import Interrupted, Unanswered
from sim.base.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 0.05                    # seconds after which a signal that was swallowed is heard again


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
    """Inside, the first of these signals raises KeyboardInterrupt, whatever it meets; the second ends the process.

    An exception can come up anywhere. One in a destructor or in a callback of C, Python drops with a traceback on the
    screen: here it comes again. One in the midst of an import may come out as another error: here it does not.
    """
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] is not signal.SIG_IGN]
    stops: list[int] = []

    def stop(number, frame):                 # the only way in which Python hears a signal
        stops.append(number)
        for other in heard:
            signal.signal(other, signal.SIG_DFL)
        raise KeyboardInterrupt

    try:
        with _again(stop):
            for number in heard:
                signal.signal(number, stop)
            yield
    except Exception:
        if stops:
            raise KeyboardInterrupt from None
        raise
    finally:
        for number in heard:
            signal.signal(number, before[number] or signal.SIG_DFL)


@contextlib.contextmanager
def _again(stop):
    """Inside, a KeyboardInterrupt that Python drops comes a little later once more, through the handler `stop`."""
    shown = sys.unraisablehook

    def drop(lost):
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            return shown(lost)
        signal.signal(signal.SIGINT, stop)
        threading.Timer(SOON, _thread.interrupt_main).start()

    sys.unraisablehook = drop
    try:
        yield
    finally:
        sys.unraisablehook = shown
