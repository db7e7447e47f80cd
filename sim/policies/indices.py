"""Indices of sites that a policy raises: skilled labour, and the natural surroundings."""

from sim.base.messages import _
from sim.config.parameters import assumed
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly


def _index(name, what, what_zh, title, title_zh):
    """Register the instrument that raises the lever of its name."""
    class Index(Policy):
        change: float = assumed(..., "share", "(-1, 10]", "[0, 0.5]",
                                f"rise of the index of {what}, 1 in the base year", f"{what_zh}指数升幅（基年=1）",
                                _("the scenario"))
        cost: float = cost_of(50.0, "RMB million per year", "[10, 200]",
                              "a year and site, for a rise of the index by 1", "每年每地点指数上升 1 的成本")

    def raised(levers, policy, world, intensity):
        rise = (intensity * policy.change)[:, None] * policy.where
        return levers._replace(**{name: getattr(levers, name) * (1.0 + rise)})

    raised.__doc__ = (f"{what.capitalize()}: its index times (1 + change) as far as perceived; "
                      "several policies multiply.")
    register(name, title=title, title_zh=title_zh, schema=Index, example={"change": 0.5}, neutral={"change": 0.0},
             spends=yearly(lambda policy: policy.change), overlap=_("the factors multiply"))(raised)


_index("ecology", "ecological quality", "生态质量", "Ecology", "生态提升")
_index("talent", "skilled labour", "高技能劳动力", "Talent", "人才政策")
