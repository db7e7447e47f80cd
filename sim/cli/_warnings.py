"""Warnings of a scenario as lines on stderr."""

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from sim.base.errors import FailedRunsWarning, ScenarioNote, ScenarioWarning
from sim.cli import _console


@contextlib.contextmanager
def told(quiet: bool = False) -> Iterator[None]:
    """Inside, every ScenarioWarning is one line on stderr, or none; what commands say of failed runs they say later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if quiet else "always", ScenarioWarning)
        warnings.simplefilter("ignore", FailedRunsWarning)
        others, shown = warnings.showwarning, set()

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if isinstance(message, ScenarioWarning):
                if message.args in shown:
                    return
                shown.add(message.args)
                _console.tell("note" if isinstance(message, ScenarioNote) else "warning", message.args)
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield
