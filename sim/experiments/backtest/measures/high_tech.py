"""High-tech enterprises as they stand."""

from sim.experiments.backtest.measures import inside, register


@register("high_tech", counts="stock", title="high-tech enterprises", title_zh="高新技术企业数")
def high_tech(look, where):
    """High-tech enterprises at some sites, of some industries."""
    return (inside(look, where) & (look.state.hightech == 1)).sum(axis=1)
