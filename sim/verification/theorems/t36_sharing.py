"""T36."""

import numpy as np

from sim.base.messages import _
from sim.model import simulate as simulation
from sim.model.ensemble import Member
from sim.policies.fiscal_sharing import fiscal_sharing
from sim.policies.grant import grant
from sim.policies.tax_rate import tax_rate
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows, above, same

START = {"start": lab.date(2021, 4)}
OTHERS = (lab.policy(tax_rate, rate=10.0, sites=["site-3"], movers=True, **START),
          lab.policy(grant, amount=20.0, sites=["site-2"], **START))
LIVELY = {"moving": {"rate": 0.04}, "growth": {"drift": 0.2}, "entry": {"rate": 0.2}}
LOCAL = 2                      # of the levels central, province and local
SEEN = {"enterprises": _("enterprises with and without sharing"),
        "headquarters": _("headquarters with and without sharing"),
        "employment": _("employment with and without sharing"), "rent": _("rent with and without sharing"),
        "registered": _("registered with and without sharing"), "tax_base": _("tax_base with and without sharing"),
        "taxes": _("taxes with and without sharing")}


@theorem("T36", "Transfers are shares of tax growth, taxes do not depend on the sharing matrix", "Identity",
         title_zh="转移支付为税收增量的份额，税收与分享矩阵无关",
         cases={"one gives half": {"matrix": {"district-0": {"district-0": 0.5, "district-1": 0.3, "district-2": 0.2}}},
                "all give": {"matrix": {"district-0": {"district-1": 1.0}, "district-1": {"district-2": 1.0},
                                        "district-2": {"district-0": 0.4, "district-2": 0.6}}}},
         more={"long": {"matrix": {"district-1": {"district-0": 0.9, "district-1": 0.1}}, "quarters": 40}})
def sharing(matrix: dict[str, dict[str, float]], sites: int = 8, candidates: int = 600, quarters: int = 12,
            members: int = 2, seed: int = 20191025) -> Rows:
    """Transfers are Theta times what own taxes have grown by; no tax and no enterprise minds Theta.

    Jurisdictions of a made-up region are district-0 to district-2; who has no row keeps what it has. In whole RMB,
    exactly, as the share is not in utility.
    """
    policies = (*OTHERS, lab.policy(fiscal_sharing, matrix=matrix, **START))
    shared, plain = (_run(sites, candidates, quarters, members, seed, each) for each in (policies, OTHERS))
    given = shared["transfers"].astype(object)                 # whole numbers of any size
    yield above(_("given away, RMB"), int(given.sum()), 0)
    yield Row(_("differences from Theta times the increment, RMB"), 0.0, float(abs(given.sum(axis=1) - _theory(
        shared["taxes"], matrix)).max()), 0.0)
    for name, what in SEEN.items():
        yield same(what, shared[name], plain[name])


def _run(sites, candidates, quarters, members, seed, policies):
    """Recorded arrays of a run, as `sim run` makes them."""
    where = lab.synthetic_region(sites, nests=3)
    values = lab.values(lab.years(quarters), LIVELY, lab.people(candidates), lab.seeded(seed))
    return simulation.simulate(where, [Member(values, policies, k) for k in range(members)]).arrays


def _theory(taxes, matrix):
    """(member, giver, receiver) whole RMB over the run, from the second quarter on, the fund last."""
    names = [f"district-{k}" for k in range(taxes.shape[2])]
    theta = np.array([[matrix.get(a, {}).get(b, 0.0) * (a != b) for b in names] for a in names])
    quarters = taxes.transpose(1, 0, 2, 3, 4)                   # the eve first
    local = quarters[..., LOCAL].sum(axis=-1)                   # (quarter, member, giver), all taxes
    growth = np.maximum(local[2:] - local[0], 0)
    given = np.zeros((taxes.shape[0], len(names) + 1, len(names) + 1), object)
    given[:, :-1, :-1] = np.floor(theta * growth[..., None]).astype(np.int64).sum(axis=0)
    return given
