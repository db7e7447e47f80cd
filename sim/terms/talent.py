"""Skilled labour at the site."""

import numpy as np

from sim.config.parameters import Section, parameter
from sim.terms import by_site, register


class Talent(Section):
    beta: float = parameter(
        0.3, unit="1", allowed="[-5, 5]", range="[0, 1]", mark="assumption",
        source="no elasticity for headquarters found",
        doc="weight of log skilled labour", doc_zh="高技能劳动力（对数）的权重")


@register("talent", title="Skilled labour", title_zh="高技能劳动力", sign=+1, driver="talent", parameters=Talent)
def talent(world, levers, quarter):
    """Skilled labour: b_T ln Talent_jt, an index that is 1 everywhere in the base year.

    Returns (member, 1, site).
    """
    return by_site(world.p.terms.talent.beta, np.log(levers.talent))
