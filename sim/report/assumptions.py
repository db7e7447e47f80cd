"""What each policy was given: the direct dV of `assumed.csv`, brought down to a line a policy."""

import math
from dataclasses import dataclass, replace
from io import BytesIO

from sim.base.csv_files import read_csv
from sim.results import earlier

TINY = 1e-12
WAYS, BOTH = ["newcomer", "mover"], "both"


@dataclass(frozen=True)
class Assumed:
    """The direct effect of one policy on those who arrive in one way; dV over the classes reached."""

    policy: str
    instrument: str
    status: str                # as what the enterprises arrive: newcomer, mover or both
    channel: str               # "site utility", or the peers through which it acts
    applies_to: str            # "all", or the enterprises to which alone it applies
    quarter: str
    reached: int               # classes of enterprise whose utility the policy changes
    classes: int
    mean: float
    low: float
    high: float

    @property
    def odds(self) -> float:
        """Factor by which the mean dV multiplies the odds against places of other nests."""
        return math.exp(self.mean)


def read(assumed: BytesIO) -> list[Assumed]:
    """The Assumed effects of a run's assumed.csv, a path or an open file, in its order."""
    table = earlier.assumed(read_csv(assumed))
    keys = ["policy", "instrument", "status", "channel", "applies_to"]
    return [_one(key, rows) for key, rows in table.groupby(keys, sort=False)]


def joined(effects: list[Assumed]) -> list[Assumed]:
    """The effects, with one line where newcomers and movers are given the same."""
    ways: dict[Assumed, list[str]] = {}
    for one in effects:
        ways.setdefault(replace(one, status=""), []).append(one.status)
    return [replace(one, status=way) for one, found in ways.items()
            for way in ([BOTH] if sorted(found) == sorted(WAYS) else found)]


def _one(key, rows):
    touched = rows[(rows["dv_lowest"].abs() > TINY) | (rows["dv_highest"].abs() > TINY)]
    return Assumed(*key, quarter=str(rows["quarter"].iloc[0]), reached=len(touched), classes=len(rows),
                   mean=float(touched["dv"].mean()) if len(touched) else 0.0,
                   low=float(touched["dv_lowest"].min()) if len(touched) else 0.0,
                   high=float(touched["dv_highest"].max()) if len(touched) else 0.0)
