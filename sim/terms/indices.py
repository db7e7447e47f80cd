"""Indices of sites, 1 everywhere in the base year: skilled labour, and the quality of the natural surroundings."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Section, assumed
from sim.terms import by_site, register


def _index(name, title, title_zh, what, beta, default, usual):
    """Register the term of the lever of its name."""
    class Index(Section):
        beta: float = assumed(default, "1", "[-5, 5]", usual, f"weight of log {what}", f"{title_zh}（对数）的权重",
                              _("no elasticity for headquarters found"))

    def term(world, levers, quarter):
        return by_site(getattr(world.p.terms, name).beta, np.log(getattr(levers, name)))

    term.__doc__ = (f"{what.capitalize()}: {beta} ln {name.capitalize()}_jt, an index that is 1 everywhere in the base "
                    "year.\n\n    Returns (member, 1, site).\n    ")
    register(name, title=title, title_zh=title_zh, sign=+1, driver=name, parameters=Index)(term)


_index("ecology", "Ecology", "生态质量", "ecological quality", "b_Q", 0.1, "[0, 0.5]")
_index("talent", "Skilled labour", "高技能劳动力", "skilled labour", "b_T", 0.3, "[0, 1]")
