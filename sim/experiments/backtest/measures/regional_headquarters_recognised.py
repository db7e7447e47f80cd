"""Headquarters of type regional that ever met the criteria: what a city's list of recognitions counts."""

from sim.experiments.backtest.measures import inside, meeting, register
from sim.region.opening_stock import TYPES


@register("regional_headquarters_recognised", counts="cumulative", title="regional headquarters ever recognised",
          title_zh="累计认定的区域型总部数")
def regional_headquarters_recognised(look, where):
    """Headquarters of type regional at some sites: those who arrive as such, grow into it or move in."""
    regional = look.state.hq_type == TYPES.index("regional")
    return inside(look, where) & regional & meeting(look)
