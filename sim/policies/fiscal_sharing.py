"""Sharing of what taxes have grown by."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, parameter
from sim.policies import Policy, register
from sim.policies.checks import one_at_a_time, unknown

UNUSED = ("announced", "credibility", "lag", "lag_shape", "payer")


class FiscalSharing(Policy):
    matrix: dict[str, dict[str, float]] = parameter(
        ..., unit="share", each="[0, 1]", evidence="choice",
        source="the user; General Plan 2019 asks for sharing of new local tax and publishes no ratio",
        source_zh="用户；2019 年总体方案要求分享新增地方税收，未公布比例",
        doc="Theta: what each jurisdiction keeps and gives of the growth of its own taxes; rows sum to 1",
        doc_zh="分享矩阵：各辖区自有税收增量的留存与转出比例，每行之和为 1")

    def rules(self):
        """There is a row, and every row sums to 1."""
        yield from super().rules()
        if not self.matrix:
            yield Broken((("matrix",),), _("the matrix has no row"), _("a row for one jurisdiction at least"))
        for giver, shares in self.matrix.items():
            total = sum(shares.values())
            if abs(total - 1.0) > 1e-9:
                yield Broken((("matrix", giver),), _("the shares of {giver} sum to {total:.12g}", giver=giver,
                                                          total=total),
                             _("shares that sum to 1"), _("include the share that the jurisdiction keeps"))


def check(name, policy, scenario, region):
    """Those who share are jurisdictions of the region, and share once."""
    path, known = ("policies", name, "matrix"), region.jurisdictions
    for giver, *fault in unknown(policy.matrix, known, _("a jurisdiction")):
        yield (*path, giver), *fault
    for giver, shares in policy.matrix.items():
        for receiver, *fault in unknown(shares, known, _("a jurisdiction")):
            yield (*path, giver, receiver), *fault
    yield from one_at_a_time(name, policy, scenario, region)


def theta(policy, names):
    """(giver, receiver) Theta; who has no row keeps what it has."""
    found = np.eye(len(names))
    for giver, shares in policy.matrix.items():
        found[names.index(giver)] = [shares.get(name, 0.0) for name in names]
    return found


@register("fiscal_sharing", title="Tax sharing", title_zh="税收分享", schema=FiscalSharing,
          example={"matrix": {"district-0": {"district-0": 0.5, "district-1": 0.5}}},
          neutral={"matrix": {"district-0": {"district-0": 1.0}}},
          sign=0, unused=("sites", *UNUSED), check=check, shares=theta,
          overlap=_("two at one time are refused"))
def fiscal_sharing(levers, policy, world, intensity):
    """Fiscal sharing: jurisdictions share the growth of their own taxes over the base year by a matrix.

    Guo, Luo & Rong, path 2. Acts on the public accounts alone, on no lever: sharing is in nobody's utility.
    """
    return levers
