"""T48."""

import numpy as np

from sim.base.messages import _
from sim.kernels import arrays
from sim.kernels.choice.systematic_utility import base_utilities
from sim.model import choice_tables
from sim.policies.tax_rate import tax_rate
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import SOLVER, Rows, above, below, close

RELIEF, BETA = 10.0, 0.028     # percentage points of 25, and their weight
LENGTHS = np.arange(1, 21)
BENT = 0.01                    # by so much a hazard or a rate is raised


@theorem("T48", "A tax holiday is worth the part of the stay that it covers", "Yaari 1965; Blanchard 1985",
         title_zh="税收优惠期的价值等于其覆盖的预期停留部分",
         cases={"headquarters": {"hazards": [0.035], "moves": 0.0, "rate": 0.08},
                "impatient and on the move": {"hazards": [0.07], "moves": 0.05, "rate": 0.2},
                "hazards by age": {"hazards": [0.008, 0.03, 0.05, 0.04, 0.035], "moves": 0.01, "rate": 0.08,
                                   "age": 0.5}},
         more={"old and patient": {"hazards": [0.1, 0.02], "moves": 0.002, "rate": 0.02, "age": 30.0}})
def holiday(hazards: list[float], moves: float, rate: float, age: float = 0.0) -> Rows:
    """V(n) = b tau (1 - q^n), q = (1 - xi) / (1 + r), where the hazard xi of exit or leaving is the same at all ages.

    In general 1 less the discounted stay beyond the n years over all of it. V rises with n ever more slowly, from 0 to
    that of a lasting cut, and who is there already has what is left. A higher hazard or rate lowers what n years are
    worth, and what a lasting cut is worth by more, so that the share rises. `age` in years.
    """
    made = _made(hazards, moves, rate, years=1.0)
    worth, theory = _gains(made, age, LENGTHS), [_theory(hazards, moves, rate, age, n) for n in LENGTHS]
    yield close(_("V of 1 to 20 years on arrival"), worth, theory, SOLVER)
    if len(hazards) == 1:
        q = (1 - hazards[0]) * (1 - moves) / (1 + rate)
        yield close(_("the same by 1 - q^n"), worth, BETA * RELIEF * (1 - q ** LENGTHS))
    five, lasting = (_gains(_made(hazards, moves, rate, **keys), age)[0]
                     for keys in ({"years": 5.0}, {"permanent": True}))
    yield close(_("V of a policy of 5 years"), five, worth[4])
    yield close(_("V of one without an end"), lasting, BETA * RELIEF)
    yield above(_("least rise of V with a year more"), np.diff([0.0, *worth, lasting]).min(), 0.0)
    yield below(_("largest rise of that rise"), np.diff([0.0, *worth], n=2).max(), 0.0)
    left = [_gains(made, age, [10], held)[0] for held in range(11)]
    yield close(_("V of 10 years, after 0 to 10 of them"), left,
                [_theory(hazards, moves, rate, age, 10 - held) for held in range(11)], SOLVER)
    yield close(_("at its end"), left[-1], 0.0)
    yield above(_("rise of V of 5 years with the hazard"),
                _gains(_made([h + BENT for h in hazards], moves, rate, years=5.0), age)[0] - five, 0.0)
    yield above(_("rise of V of 5 years with the rate"),
                _gains(_made(hazards, moves, rate + BENT, years=5.0), age)[0] - five, 0.0)


def _made(hazards, moves, rate, **keys):
    """Two sites, relief at the first, registration tied to function."""
    given = {"terms": {"tax": {"beta": BETA, "discount_rate": rate}}, "moving": {"rate": moves},
             "exit": {"hazard_by_age": list(hazards), "headquarters_factor": 1.0}, "registration": {"substance": 1.0}}
    return lab.world([0, 0], [0, 0], given, lab.people(4),
                     policies=[lab.policy(tax_rate, rate=25.0 - RELIEF, sites=["site-0"], **keys)])


def _gains(made, age, times=(1,), held=None):
    """V of the first site less that of the second, with its years so many times as long.

    For one who comes, or with `held` for one who has been there for so many years.
    """
    state = made.economy.state
    there = {"site": -1, "legal": -1} if held is None else {
        "site": 0, "legal": 0, "legal_since": -4 * held, "status": arrays.NEWCOMER_STAYS}
    for name, value in {"hightech": 0, "born": -round(4 * age), **there}.items():
        getattr(state, name)[:] = value
    years = choice_tables.levers_at(made.world, 0, made.fixed.constant, np.ones((1, 2))).benefit_quarters
    v = [base_utilities(0, 0, np.arange(1), state, made.economy.counts, lab.offers(made, 0, benefit_quarters=years * n),
                        made.fixed.peers, made.fixed.moving)[0] for n in times]
    return np.array([each[0] - each[1] for each in v])


def _theory(hazards, moves, rate, age, years):
    """b tau times the discounted chance to be there, added up over the years of relief, over that of all years."""
    return BETA * RELIEF * _stay(hazards, moves, rate, age, years) / _stay(hazards, moves, rate, age, 2000)


def _stay(hazards, moves, rate, age, years):
    """Integral over the years to come of the chance still to be there, discounted, in steps of a year of age."""
    birthdays = np.arange(int(age), int(age) + years + 2)
    knots = np.unique(np.clip([age, *birthdays, age + years], age, age + years))
    of_age = np.minimum(knots[:-1].astype(int), len(hazards) - 1)
    yearly = np.log((1 + rate) / (1 - moves) / (1 - np.asarray(hazards)[of_age]))
    kept = np.exp(-np.append(0.0, np.cumsum(yearly * np.diff(knots))))
    return ((kept[:-1] - kept[1:]) / yearly).sum()
