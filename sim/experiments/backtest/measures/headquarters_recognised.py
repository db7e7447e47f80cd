"""Headquarters that ever met the criteria: a count that nobody leaves."""

from sim.experiments.backtest.measures import inside, meeting, register


@register("headquarters_recognised", counts="cumulative", title="headquarters ever recognised",
          title_zh="累计认定总部数")
def headquarters_recognised(look, where):
    """Headquarters by the base-year criteria at some sites: those who arrive as such, grow into it or move in."""
    return inside(look, where) & meeting(look)
