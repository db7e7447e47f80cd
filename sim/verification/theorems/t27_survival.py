"""T27."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows, estimate


@theorem("T27", "Survival reproduces the hazards", "Kaplan & Meier 1958",
         title_zh="存活率复现退出风险",
         cases={"published hazards": {"hazards": [0.016, 0.063, 0.095, 0.07]},
                "uneven": {"hazards": [0.3, 0.1, 0.5, 0.2]}, "steep": {"hazards": [0.1, 0.9, 0.0, 0.75]},
                "constant": {"hazards": [0.4] * 4, "constant": True}},
         more={"long": {"hazards": [0.016, 0.063, 0.095, 0.085, 0.083, 0.081, 0.080, 0.07, 0.07, 0.07]}})
def survival(hazards: list[float], factor: float = 1.0, constant: bool = False, number: int = 20_000,
             seed: int = 20191025) -> Rows:
    """A cohort is alive at age a with probability prod_{b<a} (1 - factor h_b), the hazards of its years.

    `number` enterprises founded in the first quarter; a quarter's hazard is 1 - (1 - h)^(1/4). With
    `constant` the switch of that name holds the first hazard at all ages and sizes.
    """
    years = len(hazards)
    rules = {"hazard_by_age": list(hazards), "headquarters_factor": factor, "size_elasticity": 0.0}
    if constant:
        rules = {"constant": hazards[0], "size_elasticity": 1.0}
    made = lab.world([0, 0], [0, 0], lab.years(4 * years), lab.people(number), lab.seeded(seed), {
        "switches": {"churn": True, "exit": "constant" if constant else "age"}, "exit": rules,
        "entry": {"rate": 0.0}, "choice": {"review": 0.0}})
    made.economy.state.born[:] = 0
    alive = [info.enterprises.sum() for info in lab.run(made, 4 * years)[0]][3::4]
    law = np.cumprod(1 - factor * np.array(hazards))
    yield Row(_("alive at the opening"), number, lab.enterprises(made).sum(), 0.0)
    for age, (found, p) in enumerate(zip(alive, law), 1):
        yield estimate(_("alive at age {age}", age=age), found / number, p, np.sqrt(p * (1 - p) / number))
