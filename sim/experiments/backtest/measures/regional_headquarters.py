"""Headquarters of type regional as they stand."""

from sim.experiments.backtest.measures import register
from sim.region.opening_stock import TYPES


@register("regional_headquarters", counts="stock", title="regional headquarters", title_zh="区域型总部数")
def regional_headquarters(look, where):
    """Headquarters of type regional at some sites, of some industries."""
    return look.headquarters[..., TYPES.index("regional")][:, where.sites][:, :, where.industries].sum(axis=(1, 2))
