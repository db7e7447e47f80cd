"""T35."""

import math

from sim.base.messages import _
from sim.model import choice_tables
from sim.policies.grant import grant
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Rows, close

START = 8                      # quarter in which the policy begins, 2023-Q1


@theorem("T35", "Perception with an Erlang lag", "Erlang 1917: law of a sum of exponentials",
         title_zh="Erlang 滞后",
         cases={"exponential": {"shape": 1, "lag": 1.0}, "two stages": {"shape": 2, "lag": 1.0},
                "four slow stages": {"shape": 4, "lag": 2.5}, "seven quick ones": {"shape": 7, "lag": 0.3},
                "announced": {"shape": 2, "lag": 1.0, "credibility": 0.3, "announced": 4},
                "withdrawn": {"shape": 3, "lag": 1.5, "lasts": 12},
                "no lag": {"shape": 2, "lag": 0.0, "lasts": 12}},
         more={"announced and withdrawn": {"shape": 5, "lag": 2.0, "credibility": 0.6, "announced": 6,
                                           "lasts": 20}})
def erlang(shape: int, lag: float, credibility: float = 0.0, announced: int = 0, lasts: int | None = None,
           quarters: int = 80) -> Rows:
    """Perceived intensity c + (1 - c) G(t), G of k exponentials of mean L/k years, t from the start.

    c from the announcement, `announced` quarters ahead; `lasts` quarters after the start it falls by the same
    G. Time is taken at the middle of the quarter.
    """
    dates = {"start": lab.first_day(START), "lag": lag, "lag_shape": shape}
    if announced:
        dates |= {"announced": lab.first_day(START - announced), "credibility": credibility}
    if lasts is not None:
        dates["end"] = lab.first_day(START + lasts)
    made = lab.world([0, 0], [0, 0], lab.years(quarters), lab.people(4),
                     policies=[lab.policy(grant, amount=1.0, sites=["site-0"], **dates)])
    found = [choice_tables.intensity(made.world.policies[0], made.world.calendar, q).item() for q in range(quarters)]
    head = credibility if announced else 0.0
    theory = [head + (1 - head) * _law(shape, lag, q - START) if q >= START
              else head * (q >= START - announced) for q in range(quarters)]
    if lasts is not None:
        theory = [level * (1 - _law(shape, lag, q - START - lasts)) if q >= START + lasts else level
                  for q, level in enumerate(theory)]
    yield close(_("perceived intensity, every quarter"), found, theory)


def _law(shape, lag, quarters):
    """Distribution function of the sum of `shape` exponentials of mean lag / shape, in quarters."""
    if lag == 0:
        return 1.0
    x = shape * (quarters + 0.5) / 4 / lag
    return 1 - sum(math.exp(-x) * x ** n / math.factorial(n) for n in range(shape))
