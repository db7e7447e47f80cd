"""Enterprises that move."""

from sim.experiments.backtest.measures import register


@register("moves", counts="moves", title="moves of enterprises", title_zh="迁移企业数")
def moves(look, where):
    """Moves of the quarter from some sites to some others, of some industries."""
    return look.events.flows[:, where.industries][:, :, where.sites][..., where.to].sum(axis=(1, 2, 3))
