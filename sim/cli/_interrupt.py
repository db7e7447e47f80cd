"""Stopping: Ctrl-C and the signals of schedulers and closed terminals end in exit code 130."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

from sim.base.errors import Interrupted, Unanswered
from sim.base.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def stoppable(advice: str) -> Iterator[None]:
    """Inside, the first signal raises Interrupted with the advice; the second ends the process at once.

    A cluster, or workers, that do not answer end with the same advice. A signal that the caller ignores, as
    `nohup` does, stays ignored.
    """
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] is not signal.SIG_IGN]

    def stop(number, frame):                 # the only way in which Python hears a signal
        for other in heard:
            signal.signal(other, signal.SIG_DFL)
        raise KeyboardInterrupt

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(_("stopped; {advice}", advice=advice)) from None
    except Unanswered as error:
        raise Unanswered(_("{error}; {advice}", error=error.args[0], advice=advice)) from None
    finally:
        for number in heard:
            signal.signal(number, before[number] or signal.SIG_DFL)
