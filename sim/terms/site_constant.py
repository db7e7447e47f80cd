"""What makes a place attractive and is not modelled."""

from sim.terms import register


@register("site_constant", sign=+1)
def site_constant(world, levers, quarter):
    """Alternative-specific constant alpha_j, solved in the base year (Berry 1994) or given.

    Returns (member, 1, site).
    """
    return levers.constant[:, None, :]
