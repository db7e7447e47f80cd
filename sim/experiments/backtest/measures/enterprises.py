"""Enterprises as they stand."""

from sim.experiments.backtest.measures import register


@register("enterprises", counts="stock", title="enterprises", title_zh="企业数")
def enterprises(look, where):
    """All enterprises at some sites, of some industries, whether they are headquarters or not."""
    return look.enterprises[:, where.sites][:, :, where.industries].sum(axis=(1, 2, 3))
