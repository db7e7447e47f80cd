"""Headquarters among those who come."""

from sim.experiments.backtest.measures import register


@register("headquarters_entries", counts="arrivals", title="arrivals of headquarters", title_zh="新进入总部数")
def headquarters_entries(look, where):
    """Headquarters among the entrants of the quarter at some sites; a run keeps them without their industries."""
    return look.headquarters_entries[:, where.sites].sum(axis=1)
