"""Coefficients estimated from a list of firms, with their covariance, as `sim estimate` writes them."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, Section, choice

SAME = 1e-9                    # of 1, up to which a parameter has the estimated value
TINY = 1e-8                    # of the largest variance, that rounding may make negative


class Estimated(Section):
    """A parameter that is set to another value than this is no longer the estimate."""

    parameters: list[str] = choice([], "names", "parameters that were estimated together", "一并估计的参数", agree=True)
    values: list[float] = choice([], "1", "their estimates", "估计值", agree=True)
    covariance: list[list[float]] = choice([], "1", "covariance of the estimates; uncertainty draws them jointly",
                                           "估计值的协方差；不确定性分析联合抽样", agree=True)
    source: str = choice("", "text", "list of firms, its hash, number of choices, years, model",
                         "名录、其散列值、选择数、年份、模型", agree=True)
    source_zh: str = choice("", "text", "the same in Chinese", "同上（中文）", agree=True)

    def rules(self) -> Iterable[Broken]:
        """Each parameter has a value and a row of a covariance."""
        number = len(self.parameters)
        if len(self.values) != number or [len(row) for row in self.covariance] != [number] * number:
            yield Broken((("parameters",), ("values",), ("covariance",)),
                         _("there are {number} parameters, {values} values and {rows} rows of covariance",
                           number=number, values=len(self.values), rows=len(self.covariance)),
                         _("one value and one row of as many numbers for each parameter"))
        elif number:
            yield from self._of_covariance()

    def _of_covariance(self) -> Iterator[Broken]:
        matrix = np.array(self.covariance)
        variance = np.linalg.eigvalsh((matrix + matrix.T) / 2.0)
        if not np.allclose(matrix, matrix.T) or variance[0] < -TINY * max(variance[-1], 0.0):
            yield Broken((("covariance",),), _("it is not a covariance"), _("a symmetric matrix without negative "
                                                                            "variances"))


def in_force(estimated: Estimated, values: Any) -> Mapping[str, int]:
    """Key -> its number among the estimates, of parameters that have the estimated value; `values` of a scenario."""
    return {key: k for k, key in enumerate(estimated.parameters)
            if (now := value_of(values, key)) is not None and abs(now - estimated.values[k]) <= SAME}


def value_of(values: Any, key: str) -> float | None:
    """The number at a dotted key of a scenario's values, None where there is none."""
    found = functools.reduce(lambda section, part: getattr(section, part, None), key.split("."), values)
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def drawn(estimated: Estimated, keys: Mapping[str, int], generator: np.random.Generator) -> dict[str, float]:
    """Values of some of the keys, one draw from the normal law of the estimates, correlations kept."""
    if not keys:
        return {}
    number = list(keys.values())
    matrix = np.array(estimated.covariance)[np.ix_(number, number)]
    variance, axes = np.linalg.eigh((matrix + matrix.T) / 2.0)
    step = axes @ (np.sqrt(np.maximum(variance, 0.0)) * generator.standard_normal(len(number)))
    return {key: estimated.values[k] + float(move) for (key, k), move in zip(keys.items(), step)}
