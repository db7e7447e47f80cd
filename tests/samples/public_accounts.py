"""Public accounts of some lively quarters under policies that pay, relieve and share."""

import copy

from sim.model.public_accounts.record import AccountsRecorder
from sim.model.step import step
from tests.samples import worlds

QUARTERS = 9
THETA = {"district-0": {"district-0": 0.7, "district-1": 0.2, "district-2": 0.1},
         "district-1": {"district-0": 0.35, "district-1": 0.65}}
START = dict(start=worlds.date(2021, 1), lag=0.0)
POLICIES = [
    worlds.policy("tax_rate", name="low", rate=10.0, sites=["site-1", "site-3"], movers=True, years=1.0,
                  **START),
    worlds.policy("tax_rate", name="lower", rate=5.0, sites=["site-3"], movers=True, incumbents=True,
                  end=worlds.date(2022, 1), **START),
    worlds.policy("grant", amount=2.5, sites=["site-0", "site-4"], types=["growth"], payer="province",
                  **START),
    worlds.policy("recognition", amount=4.0, sites=["site-2"], revenue={"growth": 60.0, "regional": 30.0},
                  **START),
    worlds.policy("services", system="finance", change=0.5, sites=["site-0", "site-5"], cost=8.0,
                  start=worlds.date(2021, 7), end=worlds.date(2022, 7), payer="fund"),
    worlds.policy("land_capacity", change=0.2, sites=["site-6"], cost=3.0, start=worlds.date(2021, 10)),
    worlds.policy("joint_fund", share=0.25, sites=["site-0", "site-1", "site-2"], **START),
    worlds.policy("fiscal_sharing", matrix=THETA, start=worlds.date(2021, 4), end=worlds.date(2022, 10))]
NAMES = [name for name, _, _ in POLICIES]
LIVELY = {"population": {"candidates": 700}, "moving": {"rate": 0.04}, "growth": {"drift": 0.2},
          "entry": {"rate": 0.3}, "land": {"slack": 1.1}}


def accounts(policies, *overrides, members=2):
    """(made, arrays of the accounts, states by entry, infos) of some lively quarters."""
    where = worlds.synthetic_region(8, nests=3)
    made = worlds.make(where, worlds.values(worlds.years(QUARTERS), LIVELY, *overrides), members=members,
                       policies=policies)
    recorder, economy, infos = AccountsRecorder(made.world), copy.deepcopy(made.economy), []
    states = [copy.deepcopy(economy.state)]
    recorder.close(made.world, made.fixed, economy.state, 0)
    for quarter in range(QUARTERS):
        economy, info = step(made.world, made.fixed, economy, quarter)
        recorder.close(made.world, made.fixed, economy.state, quarter + 1)
        states.append(copy.deepcopy(economy.state))
        infos.append(info)
    return made, recorder.drawn_up(made.world, made.fixed), states, infos


def column(names, name):
    return list(names).index(name)
