"""T50."""

import dataclasses
import math

import numpy as np

from sim.base.messages import _
from sim.kernels import arrays
from sim.policies.anchor import anchor
from sim.policies.tax_rate import tax_rate
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows, above, close, estimate

EQUAL = {"population": {"size_sd": 0.0, "tail_share": 1e-9, "tail_exponent": 10.0}, "growth": {"sd": 0.0},
         "choice": {"outside": False}}
NOBODY = {"entry": {"rate": 0.0}, "exit": {"hazard_by_age": [0.0], "rent_elasticity": 0.0}, "spinoff": {"rate": 0.0}}
CERTAIN = {"choice": {"dissimilarity": 0.01}}    # in one nest: errors of different places hardly differ
STAY = {"choice": {"review": 0.0}}
LAND = {"land": {"rents": "clearing", "modelled_share": 1.0, "slack": 1000.0}}
CHURN = {"switches": {"churn": True}}
COMES, GOES = 2, 5             # quarters in which what is dated begins and ends


@theorem("T50", "Order and timing of a quarter", "Model description: process overview and scheduling",
         title_zh="季度内的次序与时点",
         cases={"as shipped": {}},
         more={"another seed": {"seed": 7, "number": 40_000}})
def order(number: int = 10_000, seed: int = 20191025) -> Rows:
    """Every process sees what the order of a quarter says it sees, and in the quarter in which it says so.

    In each world one thing happens in a known quarter, and all else stands still: an anchor comes to site-0 and
    goes, a status and a policy begin and end, enterprises grow in one step past a hazard, a rate or the headquarters
    criteria. Choices are made certain by weights that no error outweighs; draws are counted within 4 standard errors.
    """
    common = (lab.seeded(seed), lab.people(number))
    yield from _rents(common)
    yield from _closing(common, number)
    yield from _growing(common)
    yield from _founding(common, number)
    yield from _dated(common, number)
    yield from _promised(common, number)
    yield from _headquarters(common, number)


def _anchor(**keys):
    """An anchor that rents its floor at site-0 from quarter COMES to GOES."""
    return lab.policy(anchor, name="head", industry="industry-0", employees=1e6, sites=["site-0"], own_floor=0.0,
                      weight=0.0, start=lab.first_day(COMES), end=lab.first_day(GOES), **keys)


def _world(common, *overrides, policies=()):
    return lab.world([0, 0], [0.0, 0.0], lab.years(8), EQUAL, *common, *overrides, policies=policies)


def _at(infos, site):
    """Enterprises at a site at the close of every quarter."""
    return [int(info.enterprises[0, site].sum()) for info in infos]


def _rents(common):
    """Rents clear on the stocks that the last quarter left, and choices see them in the quarter itself."""
    made = _world(common, LAND, {"terms": {"rent": {"beta": 20.0}}}, policies=[_anchor()])
    infos, _state = lab.run(made, 7)
    left = [made.economy.employees, *(info.employees for info in infos)]
    spent = [employees[0] / made.economy.employees[0] for employees in left[:-1]]
    elasticity = made.world.p.land.elasticity[0]
    yield close(_("rent against the stocks that the last quarter left"), [info.rent[0] for info in infos],
                np.maximum(spent, 1e-12) ** (1.0 / (1.0 + elasticity)), 1e-9)
    anchor = [int(COMES <= q < GOES) for q in range(7)]
    stay = np.array(_at(infos, 0)) - anchor
    yield Row(_("enterprises beside an anchor, the quarter after it has come"), 0.0, stay[COMES + 1], 0.0)
    yield Row(_("quarters in which the anchor's arrival counts"), COMES, _when(infos, "entries"), 0.0)
    yield Row(_("quarters in which its going counts"), GOES, _when(infos, "exits"), 0.0)


def _when(infos, event):
    """The quarter in which the only event of a kind is counted; nan if there is another number of them."""
    numbers = np.array([getattr(info.events, event).sum() for info in infos])
    return float(np.flatnonzero(numbers)[0]) if numbers.sum() == 1 else float("nan")


def _closing(common, number):
    """Enterprises close at the size and the rents with which the quarter opens, before they grow."""
    exits = {"hazard_by_age": [0.9], "headquarters_factor": 1.0, "size_elasticity": 2.0, "rent_elasticity": 0.0}
    made = _world(common, CHURN, NOBODY, STAY, {"exit": exits, "growth": {"drift": 1.0}})
    infos, _state = lab.run(made, 2)
    shares = [infos[0].events.exits.sum() / number, infos[1].events.exits.sum() / infos[0].enterprises.sum()]
    for quarter, share in enumerate(shares):                    # a quarter of growth later the hazard is e^-0.5 of it
        yield _share(_("share that closes at its size of quarter {number}", number=quarter + 1), share,
                     _quarterly(0.9 * math.exp(-2.0 * 0.25 * quarter)), number / 2)
    exits = {"hazard_by_age": [0.05], "headquarters_factor": 1.0, "size_elasticity": 0.0, "rent_elasticity": 0.5}
    made = _world(common, LAND, CHURN, NOBODY, STAY, {"exit": exits}, policies=[_anchor()])
    infos, _state = lab.run(made, COMES + 2)
    before, info = infos[COMES], infos[COMES + 1]
    here = before.enterprises[0, 0].sum() - 1
    yield _share(_("share that closes by the quarter's rents"), info.events.exits[0, 0].sum() / here,
                 _quarterly(0.05 * info.rent[0, 0] ** 0.5), here)


def _growing(common):
    """Enterprises grow by how density rose in the quarter before: alpha d ln(1 + employees)."""
    made = _world(common, CHURN, NOBODY, STAY, {"growth": {"density": 0.5}}, policies=[_anchor()])
    infos, _state = lab.run(made, COMES + 2)
    sizes = [lab.run(made, quarter)[1].state for quarter in range(1, COMES + 3)]
    grown = [_size(after) - _size(before) for before, after in zip(sizes, sizes[1:])]
    density = [math.log1p(info.employees[0, 0] // arrays.EMPLOYEE) for info in infos]
    opening = math.log1p(made.economy.employees[0, 0] // arrays.EMPLOYEE)
    rises = np.diff([opening, *density])
    yield close(_("growth by the rise of density of the quarter before"), grown, 0.5 * rises[:COMES + 1], 1e-9)


def _size(state):
    """ln size of the first ordinary enterprise at site-0."""
    return float(state.log_size[0, np.flatnonzero((state.site[0] == 0) & (state.anchor[0] == 0))[0]])


def _founding(common, number):
    """Spin-offs leave parents at the size to which these have grown, stay with them, and count at once."""
    spinoff = {"rate": 0.4, "size_exponent": 2.0, "stay": 1.0}
    made = _world(common, CHURN, NOBODY, STAY, {"spinoff": spinoff, "growth": {"drift": 1.0}})
    infos, economy = lab.run(made, 1)
    born = infos[0].events.spinoffs[0].sum(axis=(1, 2))
    opening = lab.enterprises(made)[0].sum(axis=(1, 2))
    yield _share(_("spin-offs a parent by the size after growth"), born.sum() / number, 0.1 * math.exp(0.5), number)
    yield _share(_("spin-offs at the place of their parents"), born[0] / max(born.sum(), 1), opening[0] / number,
                 born.sum())
    ids = economy.state.id[0][economy.state.site[0] >= 0]
    yield Row(_("enterprises with the id of another one"), 0.0, float(len(ids) - len(np.unique(ids))), 0.0)


def _dated(common, number):
    """A recorded status and a policy count from the quarter in which they begin to that in which they end."""
    made = _world(common, {"terms": {"ftz": {"beta": 5.0}}, "population": {"intensity_sd": 0.0}}, CERTAIN)
    status = np.zeros((made.world.calendar.length + 1, 2))
    status[1 + COMES:1 + GOES, 1] = 1.0                                        # entry 0 is the eve
    recorded = made.world.statuses | {"ftz": status}
    infos, _state = lab.run(made._replace(world=dataclasses.replace(made.world, statuses=recorded)), GOES + 1)
    yield from _half_then_all(_("a recorded status"), _at(infos, 1), number)
    policy = lab.policy(tax_rate, rate=0.0, sites=["site-1"], movers=True, incumbents=True, years=100.0,
                        start=lab.first_day(COMES), end=lab.first_day(GOES))
    made = _world(common, {"terms": {"tax": {"beta": 1.0, "taste_sd": 0.0}}}, CERTAIN, policies=[policy])
    yield from _half_then_all(_("a policy"), _at(lab.run(made, GOES + 1)[0], 1), number)


def _half_then_all(what, at, number):
    yield _share(_("share at the place in the last quarter before {what}", what=what), at[COMES - 1] / number, 0.5,
                 number)
    yield Row(_("enterprises elsewhere in the first quarter of {what}", what=what), 0.0, number - at[COMES], 0.0)
    yield Row(_("enterprises elsewhere in the last quarter of {what}", what=what), 0.0, number - at[GOES - 1], 0.0)
    yield _share(_("share at the place in the quarter after {what}", what=what), at[GOES] / number, 0.5, number)


def _promised(common, number):
    """Who came for a rate that is promised for half a year has it for two quarters and is as free as before then."""
    policy = lab.policy(tax_rate, rate=0.0, sites=["site-1"], movers=True, years=0.5, start=lab.first_day(COMES))
    made = _world(common, {"terms": {"tax": {"beta": 1.0, "taste_sd": 0.0}}, "switches": {"registration": "function"}},
                  CERTAIN, policies=[policy])
    came, last, over = (lab.run(made, COMES + quarters)[1].state for quarters in (1, 2, 3))
    promised = (came.site == 1) & (came.arrived == COMES)
    yield above(_("enterprises that come for a promise"), promised.sum(), number / 4)
    yield Row(_("of them elsewhere in its last quarter"), 0.0, float((last.site[promised] != 1).sum()), 0.0)
    yield _share(_("share that stays when it is over"), (over.site[promised] == 1).mean(), 0.5, promised.sum())


def _headquarters(common, number):
    """Headquarters close, grow and leave as what they are when it happens."""
    exits = {"hazard_by_age": [0.5], "headquarters_factor": 1.0, "size_elasticity": 0.0}
    made = _world(common, CHURN, NOBODY, STAY, {"exit": exits, "growth": {"drift": 1.0}})
    criteria = made.fixed.criteria.copy()
    criteria[:, 0] = _size(made.economy.state) + 0.125                        # half a quarter's growth away
    criteria[:, 1:] = -np.inf
    infos, _state = lab.run(made._replace(fixed=made.fixed._replace(criteria=criteria)), 1)
    flows, events = infos[0].of_headquarters, infos[0].events
    yield Row(_("headquarters that close before they are any"), 0.0, flows.exits.sum(), 0.0)
    yield Row(_("headquarters by growth, of those left"), float(number - events.exits.sum()), flows.growth.sum(), 0.0)
    away = {"choice": {"outside": True}, "base_year": {"constants": {"site-0": -1000.0, "site-1": -1000.0}}}
    made = _world(common, away)
    criteria[:, 0] = -np.inf
    infos, _state = lab.run(made._replace(fixed=made.fixed._replace(criteria=criteria)), 1)
    flows = infos[0].of_headquarters
    yield Row(_("headquarters that leave the region"), float(number), flows.flows[..., -1].sum(), 0.0)
    yield Row(_("of them counted as closed"), 0.0, flows.exits.sum(), 0.0)


def _quarterly(yearly):
    return 1.0 - (1.0 - yearly) ** 0.25


def _share(what, obtained, p, number):
    """A share of so many independent draws."""
    return estimate(what, obtained, p, math.sqrt(p * (1.0 - p) / number))
