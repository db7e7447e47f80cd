"""Looks whether every chunk that is under way is in somebody's hands, whatever the engine."""

import time

from sim.base.errors import Unanswered
from sim.base.messages import _

PATIENCE = 30.0                # seconds for a chunk that nobody has


class Watch:
    """For one engine: when each chunk was seen for the last time."""

    def __init__(self, engine):
        self._engine, self._missing = engine, {}

    def look(self, numbers):
        """Unanswered if any of these chunks has waited nowhere, and been with no live worker, for PATIENCE."""
        now, held = time.monotonic(), self._engine.held()
        self._missing = {number: self._missing.get(number, now) for number in numbers if number not in held}
        if any(now - since > PATIENCE for since in self._missing.values()):
            raise Unanswered(_("for {seconds:.0f} s, {count} chunks of runs have been with no worker and in no queue",
                               seconds=PATIENCE, count=len(self._missing)))
