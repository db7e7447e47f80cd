"""What became of the rows of a list: how many were read, dropped and why, and what is doubtful about the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, both
from sim.experiments.estimation.firm_tables import FIRST_ROW

DROPPED, DOUBTED, COUNTED = _("dropped"), _("kept, doubtful"), _("counted")
HEAD = ("what", "what_zh", "fate", "fate_zh", "rows", "first_row", "example")


@dataclass
class DataReport:
    """Lines of the report, in the order in which the rows were looked at."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def count(self, what: str, number: int) -> None:
        """Say how many there are of something."""
        self._say(what, COUNTED, number, "", "")

    def doubt(self, what: str, number: int, row: object = "", example: object = "") -> None:
        """Say that some rows are kept and may be wrong; nothing is said of none."""
        if number:
            self._say(what, DOUBTED, number, row, example)

    def drop(self, what: str, bad: NDArray[np.bool_], kept: NDArray[np.bool_],
             example: pd.Series | Sequence[object]) -> NDArray[np.bool_]:
        """Rows still kept when those that are `bad` are dropped; the first of these is shown."""
        gone = bad & kept
        if gone.any():
            first = int(np.flatnonzero(gone)[0])
            value = example.iloc[first] if hasattr(example, "iloc") else example[first]
            self._say(what, DROPPED, int(gone.sum()), first + FIRST_ROW, value)
        return kept & ~bad

    def dropped_rows(self, what: str, number: int, row: int) -> None:
        """Say that some were dropped, the first of them at a row of the file."""
        self._say(what, DROPPED, number, row, "")

    def frame(self) -> pd.DataFrame:
        """The report as a table, in both languages."""
        return pd.DataFrame(self.lines, columns=HEAD)

    def _say(self, what, fate, rows, first, example):
        text, text_zh = both(what)
        of, of_zh = both(fate)
        self.lines.append({"what": text, "what_zh": text_zh, "fate": of, "fate_zh": of_zh, "rows": rows,
                           "first_row": first, "example": example})
