"""What makes a place attractive and is not modelled."""

from sim.terms import register


@register("site_constant", title="Site constant", title_zh="地点常数", sign=+1, driver="constant")
def site_constant(world, levers, quarter):
    """Alternative-specific constant alpha_j, solved in the base year (Berry 1994) or given.

    Returns (member, 1, site).
    """
    return levers.constant[:, None, :]
