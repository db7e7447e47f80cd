"""Looks whether every chunk that is under way is in somebody's hands, whatever the engine."""

import time
from collections.abc import Iterable
from typing import Any

from sim.base.errors import Unanswered
from sim.base.messages import _
from sim.runs.engine import Engine

PATIENCE = 30.0                # seconds for a chunk that nobody has


class Watch:
    """For one engine: when each chunk was seen for the last time."""

    def __init__(self, engine: Engine[Any, Any]) -> None:
        self._engine = engine
        self._missing: dict[int, float] = {}

    def look(self, numbers: Iterable[int]) -> None:
        """Unanswered if any of these chunks has waited nowhere, and been with no live worker, for PATIENCE."""
        now, held = time.monotonic(), self._engine.held()
        self._missing = {number: self._missing.get(number, now) for number in numbers if number not in held}
        if any(now - since > PATIENCE for since in self._missing.values()):
            raise Unanswered(_("{count} chunks of runs were lost: for {seconds:.0f} s no worker has had them and they "
                               "were in no queue",
                               seconds=PATIENCE, count=len(self._missing)))
