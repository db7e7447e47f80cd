"""Rows of evidence and the rules by which they are judged. No entry is registered here.

Identities hold to 1e-12 and what a solver finds to 1e-10; means of drawn numbers within 4 standard errors;
laws by a p-value above 0.001, which a correct program misses once in a thousand seeds. A negative control
must fail its law beyond doubt.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

IDENTITY, SOLVER = 1e-12, 1e-10
ERRORS = 4.0                   # standard errors
LEAST_P, REFUTED = 1e-3, 1e-10
LEAST_EXPECTED = 5.0           # in a cell of a chi-square test


class Row(NamedTuple):
    """One comparison; `rule` is "within" a tolerance, "p above", "p below", "above" or "below"."""

    what: str                  # in the words of `_`, which have Chinese
    expected: float            # nan where the rule is about p
    obtained: float
    tolerance: float
    rule: str = "within"

    @property
    def holds(self) -> bool:
        """Whether theory and program agree; never where the number obtained is nan."""
        if self.rule == "within":
            return bool(abs(self.obtained - self.expected) <= self.tolerance)
        if self.rule in ("p above", "above"):
            return bool(self.obtained > self.tolerance)
        return bool(self.obtained < self.tolerance)


Rows = Iterator[Row]           # what a theorem yields


def close(what: str, obtained: ArrayLike, expected: ArrayLike, tolerance: float = IDENTITY) -> Row:
    """The pair of numbers that differs most."""
    obtained, expected = np.broadcast_arrays(np.asarray(obtained, float), np.asarray(expected, float))
    off = np.abs(obtained - expected).ravel()
    worst = int(np.argmax(np.where(np.isnan(off), np.inf, off)))
    return Row(what, float(expected.flat[worst]), float(obtained.flat[worst]), float(tolerance))


def same(what: str, obtained: Any, expected: Any) -> Row:
    """How many entries of two arrays (or lists of them) differ in any bit: none may."""
    pairs = zip(obtained, expected) if isinstance(obtained, (list, tuple)) else [(obtained, expected)]
    return Row(what, 0.0, float(sum(np.sum(np.asarray(a) != np.asarray(b)) for a, b in pairs)), 0.0)


def mean(what: str, sample: ArrayLike, expected: float) -> Row:
    """The mean of independent numbers, within 4 of its standard errors."""
    sample = np.asarray(sample, float)
    return estimate(what, sample.mean(), expected, sample.std(ddof=1) / len(sample) ** 0.5)


def estimate(what: str, obtained: float, expected: float, error: float) -> Row:
    """An estimate within 4 standard errors `error`."""
    return Row(what, float(expected), float(obtained), float(ERRORS * error))


def law(what: str, p: float) -> Row:
    """A p-value: the law is not refuted."""
    return Row(what, float("nan"), float(p), LEAST_P, "p above")


def refuted(what: str, p: float) -> Row:
    """A p-value of a negative control: what is not the law fails beyond doubt."""
    return Row(what, float("nan"), float(p), REFUTED, "p below")


def above(what: str, obtained: float, bound: float) -> Row:
    return Row(what, float("nan"), float(obtained), float(bound), "above")


def below(what: str, obtained: float, bound: float) -> Row:
    return Row(what, float("nan"), float(obtained), float(bound), "below")


def p_of_counts(seen: ArrayLike, p: ArrayLike) -> float:
    """Chi-square p of counts against probabilities, the rarest cells together so that 5 are expected.

    nan where no two cells are left, which no rule holds for.
    """
    p = np.asarray(p, float) / np.sum(p)
    order = np.argsort(p, kind="stable")
    seen, p = np.asarray(seen)[order], p[order]
    if seen[p == 0.0].any():
        return 0.0
    first = int(np.searchsorted(seen.sum() * np.cumsum(p), LEAST_EXPECTED))
    if len(p) - first < 2:
        return float("nan")
    seen, p = (np.append(cells[:first + 1].sum(), cells[first + 1:]) for cells in (seen, p))
    return float(stats.chisquare(seen, seen.sum() * p / p.sum()).pvalue)


def smallest(p_values: ArrayLike) -> float:
    """p of the smallest of several independent p-values (Sidak 1967)."""
    p_values = np.asarray(p_values, float)
    return float(-np.expm1(len(p_values) * np.log1p(-p_values.min())))
