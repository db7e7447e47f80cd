"""Quality of the natural surroundings."""

import numpy as np

from sim.config.parameters import Section, parameter
from sim.terms import by_site, register


class Ecology(Section):
    beta: float = parameter(
        0.1, unit="1", allowed="[-5, 5]", range="[0, 0.5]", mark="assumption",
        source="no elasticity for headquarters found",
        doc="weight of log ecological quality", doc_zh="生态质量（对数）的权重")


@register("ecology", title="Ecology", title_zh="生态质量", sign=+1, driver="ecology", parameters=Ecology)
def ecology(world, levers, quarter):
    """Ecological quality: b_Q ln Ecology_jt, an index that is 1 everywhere in the base year.

    Returns (member, 1, site).
    """
    return by_site(world.p.terms.ecology.beta, np.log(levers.ecology))
