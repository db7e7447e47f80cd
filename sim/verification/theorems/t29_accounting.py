"""T29."""

import numpy as np

from sim.base.messages import _
from sim.kernels import arrays
from sim.model import assemble, choice_tables, initialise
from sim.model.ensemble import members_of
from sim.model.processes import land
from sim.policies.grant import grant
from sim.policies.land_capacity import land_capacity
from sim.policies.tax_rate import tax_rate
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows, above, close

LAND = dict(instrument=land_capacity, start=lab.date(2022, 1))
POLICIES = [lab.policy(**LAND, change=0.4, sites=["site-1"], building_time=0.5),
            lab.policy(**LAND, change=-0.3, sites=["site-4"], building_time=0.0),
            lab.policy(grant, amount=20.0, sites=["site-2"]),
            lab.policy(tax_rate, rate=10.0, sites=["site-3"], movers=True, end=lab.date(2023, 1))]
LIVELY = {"moving": {"rate": 0.04}, "land": {"slack": 1.1}, "growth": {"drift": 0.2}, "entry": {"rate": 0.2}}


@theorem("T29", "Accounting identities", "Identity",
         title_zh="核算恒等式：无人遗失，无人重复，容量不超",
         cases={"eight lively sites": {"sites": 8, "nests": 3, "candidates": 1000}},
         more={"many sites": {"sites": 20, "nests": 5, "industries": 5, "candidates": 4000, "quarters": 40}})
def accounting(sites: int = 8, nests: int = 3, industries: int = 3, candidates: int = 1000,
               quarters: int = 16, members: int = 2, scenario: str = "", seed: int = 20191025) -> Rows:
    """In every quarter nobody is lost, nobody is in two places, floor within its cap, rents clear.

    Of a made-up region with churn, policies and scarce land, or of the file named by `scenario`. Counts are
    exact, money and floor space to 1e-12.
    """
    made = (_scenario(scenario, members) if scenario
            else _lively((sites, nests, industries), candidates, members, seed))
    quarters = min(quarters, made.world.calendar.length)
    opening = lab.enterprises(made)
    infos, economy = lab.run(made, quarters)
    before = [opening, *(info.enterprises for info in infos)]
    events = sum(int(each.sum()) for info in infos for each in (info.events.entries, info.events.exits,
                                                                info.events.flows))
    yield above(_("moves, entries and exits"), events, 100)
    yield Row(_("stocks off from flows, by site and industry"), 0.0, sum(map(_off, before, infos)), 0.0)
    idle = sum(int(np.einsum("mijj->", info.events.flows[..., :-1])) for info in infos)
    yield Row(_("moves to where one is"), 0.0, idle, 0.0)
    yield Row(_("enterprises in two places"), 0.0, _twice(economy.state), 0.0)
    yield Row(_("headquarters that are no enterprise"), 0.0,
              sum(int((info.headquarters > info.enterprises).sum()) for info in infos), 0.0)
    yield from _land(made, infos)


def _lively(numbers, candidates, members, seed):
    sites, nests, industries = numbers
    where = lab.synthetic_region(sites, nests=nests, industries=industries)
    return lab.make(where, lab.values(lab.years(40), LIVELY, lab.people(candidates), lab.seeded(seed)),
                    members=members, policies=POLICIES)


def _scenario(path, members):
    from sim.model.preflight.validation import region_of
    from sim.scenario import load as scenario_files
    loaded = scenario_files.load(path, ())
    world = assemble.build(region_of(loaded), members_of(loaded, range(members)))
    return lab.Made(world, *initialise.prepare(world))


def _off(before, info):
    """Entries of (member, site, industry) where stock is not stock before, plus what came, less what left."""
    e = info.events
    moved = e.flows[..., :-1].sum(axis=2) - e.flows.sum(axis=3)                  # (member, industry, site)
    change = (e.entries - e.exits).sum(axis=3) + moved.transpose(0, 2, 1)
    return int((info.enterprises.sum(axis=3) != before.sum(axis=3) + change).sum())


def _twice(state):
    """Living enterprises whose id stands in more than one slot, or that are nowhere."""
    alive = [state.id[m][state.site[m] != arrays.EMPTY] for m in range(len(state.id))]
    return sum(len(ids) - len(np.unique(ids)) for ids in alive) + int((state.site == arrays.CANDIDATE).sum())


def _land(made, infos):
    """Rows on floor space and its price, quarter by quarter."""
    p, world = made.world.p.land, made.world
    if p.rents == "frozen":
        return
    over, supplied, spent = 0, [], []
    employees = made.economy.employees
    for quarter, info in enumerate(infos):
        built = choice_tables.levers_at(world, quarter, made.fixed.constant, np.ones((1, world.sites))).land
        cap = p.slack[:, None] * built
        over += int((info.floor > cap * (1 + 1e-12)).sum())
        supplied.append(info.floor / np.minimum(cap, built * info.rent ** p.elasticity[:, None]))
        total = made.fixed.background + land.spending(world, employees)
        spent.append(info.floor * info.rent * made.fixed.base_spending / total)
        employees = info.employees
    yield Row(_("floor in use above its cap, site-quarters"), 0.0, over, 0.0)
    yield close(_("floor in use relative to supply at the rent"), supplied, 1.0)
    if not world.anchors:                                  # who may own their campus, and then rent nothing
        yield close(_("rent times floor relative to what users spend"), spent, 1.0)
