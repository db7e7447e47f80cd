"""When what is decided about land can be used; no instrument is registered here."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.parameters import parameter
from sim.policies.levers import Levers


def building_time() -> Any:
    """The parameter that all instruments share which let something be built."""
    return parameter(
        2.5, unit="year", allowed="[0, 30]", range="[2, 3]", evidence="assumption",
        source="model specification: buildings lag permits by two to three years",
        source_zh="模型设定：建成比许可晚两到三年",
        doc="years from permit to building; closing land takes none", doc_zh="从许可到建成的年数（关闭土地无滞后）")


def built(quarters: NDArray[np.float64], policy: SimpleNamespace) -> NDArray[np.bool_]:
    """Whether what was permitted so many quarters ago is built; not yet permitted is below 0."""
    return (quarters >= 0) & (quarters >= 4.0 * policy.building_time)


def enlarged(levers: Levers, policy: SimpleNamespace, change: NDArray[np.float64]) -> Levers:
    """Levers with usable floor and capacity times (1 + change) at the policy's sites.

    change (member,), or (member, site).
    """
    change = np.asarray(change, float)
    change = change[:, None] if change.ndim == 1 else change
    return levers._replace(land=levers.land * (1.0 + change * policy.where))
