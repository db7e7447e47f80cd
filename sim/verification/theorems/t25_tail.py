"""T25."""

import math

import numpy as np
from scipy.optimize import brentq

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows

ALLOWED = 0.03                 # of the exponent
ONE_SIZE = {"population": {"size_sd": 0.0, "tail_share": 1e-9, "tail_exponent": 10.0, "entrant_size": 1.0,
                           "largest": 1e10, "median_size": 10.0}}


@theorem("T25", "Growth with constant exit leaves a Pareto tail", "Reed 2001; Gabaix 2009",
         title_zh="恒定退出下的成长形成帕累托尾部",
         cases={"as published": {"drift": 0.0, "sd": 0.25, "exit": 0.06},
                "quick": {"drift": 0.02, "sd": 0.3, "exit": 0.15}},
         more={"shrinking": {"drift": -0.03, "sd": 0.25, "exit": 0.1}})
def tail(drift: float, sd: float, exit: float, number: int = 80_000, years: int = 0, seed: int = 20191025) -> Rows:
    """The exponent z of sizes solves s^2 z^2 / 2 + mu z + ln(1 - l) = 0, to 0.03.

    `number` enterprises of one size, replaced as they close with the yearly probability l, grow with drift mu
    and standard deviation s; after `years` (by default as many as leave a hundredth of the opening) the
    exponent is Hill's over sizes two standard deviations above the first.
    """
    z = brentq(lambda z: sd * sd * z * z / 2 + drift * z + math.log(1 - exit), 1e-9, 1000)
    years = years or math.ceil(math.log(0.01 if exit > 0.1 else 0.001) / math.log(1 - exit))
    found = _simulated(drift, sd, exit, number, years, seed)
    yield Row(_("exponent after {years} years", years=years), z, found, ALLOWED)


def _simulated(drift, sd, hazard, number, years, seed):
    made = lab.world([0], [0.0], lab.years(4 * years), lab.people(number), ONE_SIZE, lab.seeded(seed), {
        "switches": {"churn": True, "exit": "constant"}, "choice": {"review": 0.0},
        "entry": {"rate": 4 * (1 - (1 - hazard) ** 0.25)}, "spinoff": {"share": 0.0},
        "exit": {"constant": hazard},
        "growth": {"drift": drift, "sd": sd, "density": 0.0, "size_exponent": 0.0}})
    state = lab.run(made, 4 * years)[1].state
    beyond = state.log_size[state.site >= 0] - math.log(10.0) - 2 * sd
    return 1 / np.mean(beyond[beyond > 0])
