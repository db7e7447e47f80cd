"""Equilibria of a scenario: the fixed points of its mean-field map, stable or not, over a parameter.

The search starts from many places (`starting_points`), follows the flow of the map to where it settles, and
searches with Newton's method alone, which finds unstable ones too, also between the stable ones. What is found is
found again with sites exchanged that are alike (`symmetry`).
It is a search: what it finds are equilibria, what it does not find may still be there. Their indices tell how many at
least: those of all fixed points in the interior sum to 1 (Lefschetz 1926: the counts that there can be are convex).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.equilibria import symmetry
from sim.experiments.equilibria.starting_points import starts
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.mean_field import feedback, long_run, map_slopes, modes, quarter_map
from sim.model.mean_field.quarter_map import Field
from sim.model.preflight.validation import region_of
from sim.scenario import load as scenario_files
from sim.scenario.load import Scenario

SAME = 1e-5                   # largest difference of shares of the whole between starts that ended alike
SIZES = (4, 300)              # enterprises sampled of a cell, and entrants: fewer than in a run's reports
SMALL = 60                    # (kind, site) pairs up to which Newton's method alone goes out from every start
MOST_PAIRS = 10               # of stable equilibria, between which unstable ones are looked for
RANDOM = 20
MOST_ALIKE = 60               # equilibria listed of those that are one another's with sites exchanged
BORDER = 1e-9                 # share of the whole below which a site's counts lie at the border


class Equilibrium(NamedTuple):
    n: np.ndarray             # (kind, site) enterprises
    stable: bool
    mode: float               # leading eigenvalue of the quarterly map; below 1 where stable
    r_dyn: float
    starts: int               # that ended here
    fixed_point_index: int    # sign of det(1 - J), J the slopes of the map: +1 where an impulse dies out

    @property
    def shares(self) -> NDArray[np.float64]:
        """(site,) of all enterprises."""
        return self.n.sum(axis=0) / self.n.sum()


class Search(NamedTuple):
    """What a search at one value found."""

    equilibria: list[Equilibrium]
    searches: int             # starts, those of Newton's method included
    lost: int                 # that ended nowhere
    alike: int                # further ones that are a listed one's with sites exchanged
    missing: float            # how many at least were not found; nan where one lies at the border


def field_of(values: Scenario, quarter: int | None = None, replicate: int = 0, sizes: tuple[int, int] = SIZES) -> Field:
    """The Field of a Scenario with its opening population under the rules of a quarter, the last if None."""
    region = region_of(values)
    world = assemble.build(region, members_of(values, [replicate]))
    fixed, economy, _ = initialise.prepare(world)
    last = world.calendar.length - 1 if quarter is None else quarter
    return quarter_map.build(world, fixed, economy, last, 0, sizes)


def search(field: Field, random: int = RANDOM, seed: int = 0, more: Iterable[NDArray[np.float64]] = ()) -> Search:
    """The Search of a field, largest leading share first; `more` are further starts."""
    everywhere, small = [*starts(field, random, seed), *more], field.n.size <= SMALL
    ends = [long_run.settle(field, start) for start in everywhere]
    ends += [long_run.settle(field, start, newton=True) for start in (everywhere if small else (field.n, *more))]
    ends += [long_run.settle(field, start, newton=True) for start in _between(_merged(field, ends))]
    groups = symmetry.classes(field, seed)
    ends += [long_run.settle(field, start, newton=True) for start in _exchanged(_merged(field, ends), groups)]
    found = _merged(field, ends)
    orbits = _orbits(found, groups)
    return Search(found, len(ends), sum(not end.found for end in ends),
                  sum(symmetry.number(each[0].n, groups) - len(each) for each in orbits),
                  _missing(orbits, groups))


def _orbits(found, groups):
    """Lists of those equilibria that are one another's with sites exchanged within the groups."""
    orbits = {}
    for e in found:
        within = [sorted(map(tuple, np.round(e.n[:, group] / e.n.sum(), symmetry.DIGITS).T)) for group in groups]
        orbits.setdefault(str(within), []).append(e)
    return list(orbits.values())


def _exchanged(found, groups):
    """The equilibria with sites exchanged, up to MOST_ALIKE of each kind."""
    for orbit in _orbits(found, groups):
        if len(orbit) < symmetry.number(orbit[0].n, groups):
            yield from symmetry.alike(orbit[0].n, groups, MOST_ALIKE)


def _missing(orbits, groups):
    """Number of equilibria that are there at least beyond those found: how far their indices are from a sum of 1."""
    if any((e.n <= BORDER * e.n.sum()).any() for orbit in orbits for e in orbit[:1]):
        return float("nan")
    return float(abs(1 - sum(orbit[0].fixed_point_index * symmetry.number(orbit[0].n, groups) for orbit in orbits)))


def _merged(field, ends):
    """Equilibria from ends, those closer than SAME counted as one."""
    apart = []
    for end in ends:
        if not end.found:
            continue
        share = end.n / end.n.sum()
        same = next((known for known in apart if np.abs(known[0] - share).max() < SAME), None)
        if same is None:
            apart.append([share, end.n, 1])
        else:
            same[2] += 1
    found = [_judged(field, n, number) for _, n, number in apart]
    return sorted(found, key=lambda e: (-round(e.shares.max(), 6), tuple(-np.round(e.shares, 6))))


def _judged(field, n, number):
    slopes = map_slopes.slopes(field, n)
    matrix = modes.matrix_of(*long_run.map_of(field, slopes, n))
    mode, index = long_run.fastest(field, slopes, n), int(np.linalg.slogdet(np.eye(len(matrix)) - matrix)[0])
    return Equilibrium(n, mode < 1.0, mode, feedback.r_dyn(field, slopes, n), number, index)


def _between(found):
    """Middles between pairs of stable equilibria, in whose neighbourhood the border of their basins runs."""
    stable = [e.n for e in found if e.stable]
    pairs = [(a, b) for k, a in enumerate(stable) for b in stable[:k]]
    return [weight * a + (1.0 - weight) * b for a, b in pairs[:MOST_PAIRS] for weight in (0.5, 0.25, 0.75)]


class Over(NamedTuple):
    """A parameter and the values that a diagram goes over."""

    key: str
    values: np.ndarray


def over(text: str) -> Over:
    """The Over of "key lo:hi:n".

    >>> over("terms.localisation.gamma 0:1:3").values.tolist()
    [0.0, 0.5, 1.0]
    """
    key, blank, span = text.strip().rpartition(" ")
    try:
        low, high, number = span.split(":")
        values = np.linspace(float(low), float(high), int(number))
        if not blank or not key.strip() or not len(values) or not np.isfinite(values).all():
            raise ValueError
    except ValueError:
        raise InputError(Problem("", "--over", _("{text!r} cannot be read", text=text),
                                 _("KEY LOW:HIGH:NUMBER, such as 'terms.localisation.gamma 0:1:11'"))) from None
    return Over(key.strip(), values)


def diagram(path: str, settings: Iterable[str], along: Over | None,
            random: int = RANDOM) -> Iterator[tuple[float, Field, Search]]:
    """Generator of (value, field, Search) over the values of an Over, or once with value nan if it is None.

    Every value is a scenario of its own, base year and all. What was found at one value is among the
    starts at the next, so that a branch is followed.
    """
    before: Sequence[NDArray[np.float64]] = ()
    for value in along.values if along else (np.nan,):
        more = [f"{along.key}={float(value)!r}"] if along else []
        loaded = scenario_files.load(path, [*settings, *more])
        field = field_of(loaded)
        total = field.n.sum(axis=1, keepdims=True)             # this field's numbers of every kind
        fitted = [total * n / n.sum(axis=1, keepdims=True) for n in before]
        found = search(field, random, loaded.values.run.seed, fitted)
        before = [e.n for e in found.equilibria]
        yield float(value), field, found


def table(key: str, found: Any) -> pd.DataFrame:
    """DataFrame, one row an equilibrium: value, number, stability, R_dyn and the share of every site."""
    rows = []
    for value, field, result in found:
        sites = list(field.world.region.sites.index)
        zone = field.world.region.sites["in_zone"].to_numpy(dtype=bool)
        for number, e in enumerate(result.equilibria, 1):
            leader = int(np.argmax(e.shares))
            rows.append({key or "value": value, "equilibrium": number, "equilibria": len(result.equilibria),
                         "stable": bool(e.stable), "eigenvalue": e.mode, "r_dyn": e.r_dyn, "starts": e.starts,
                         "searches": result.searches, "not_converged": result.lost,
                         "alike": result.alike, "missing": result.missing, "enterprises": float(e.n.sum()),
                         "zone_share": float(e.shares[zone].sum()), "leader": sites[leader],
                         "leader_share": float(e.shares[leader]), **dict(zip(sites, map(float, e.shares)))})
    return pd.DataFrame(rows)
