"""Enterprises that come into being, or come from outside."""

from sim.experiments.backtest.measures import register


@register("entries", counts="arrivals", title="arrivals of enterprises", title_zh="新进入企业数")
def entries(look, where):
    """Entrants of the quarter that chose one of the sites, spin-offs among them, of some industries."""
    return look.events.entries[:, where.sites][:, :, where.industries].sum(axis=(1, 2, 3))
