"""Headquarters as they stand."""

from sim.experiments.backtest.measures import register


@register("headquarters", counts="stock", title="headquarters", title_zh="总部企业数")
def headquarters(look, where):
    """Headquarters by the base-year criteria at some sites, of some industries."""
    return look.headquarters[:, where.sites][:, :, where.industries].sum(axis=(1, 2, 3))
