"""The coefficient of utility through which a scenario's policies act most, and what it would have to be for another dV.

    dV(c') = dV + (c' / c - 1) part        V is linear in its coefficients; `part` of dV comes through c

so that dV becomes r times what it is at c' = c [1 + (r - 1) dV / part]. A coefficient that another scenario acts
through as well, with the same value, moves that one too: with s the shares of dV that come through c and effects in
proportion to dV, the effect E of a scenario meets the larger one, E / f, at

    c' = c (1 + d),   d = (1 - f) / (f s - s_larger)        where both effects are above 0 there

Where registration is a choice of its own, tax
relief and grants act through a log-sum, in which this is an approximation.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import numpy as np

from sim import terms
from sim.config.parameters import Row, interval, rows, value_at
from sim.experiments.compare.direct_effects import Assumed
from sim.model.utility import REGISTRATION
from sim.results import assumed_gain


class Coefficient(NamedTuple):
    """A coefficient of utility in a scenario."""

    key: str                   # dotted, as a scenario file has it
    value: float
    low: float                 # of its prior range
    high: float
    share: float               # of the scenario's dV in the zone that comes through it
    shares: Mapping[str, tuple[float, float]] = MappingProxyType({})       # by key: value, share of the scenario's dV

    def level_with(self, larger: "Coefficient | None", factor: float) -> float:
        """The value at which the scenario, `factor` times the larger one's effect, draws level; nan where none does."""
        value, share = larger.shares.get(self.key, (self.value, 0.0)) if larger else (self.value, 0.0)
        slope = factor * self.share - (share if value == self.value else 0.0)
        change = (1.0 - factor) / slope if slope else float("nan")
        return self.value * (1.0 + change) if 1.0 + self.share * change > assumed_gain.TINY else float("nan")

    def inside(self, value: float) -> bool:
        """Whether a value lies within the prior range."""
        return self.low <= value <= self.high


def leading(assumed: Assumed) -> Coefficient | None:
    """The Coefficient through which most of a scenario's dV comes, None where none has any of it."""
    whole = assumed.zone
    parts = {key: part for name in assumed.parts() for key, part in _parts(assumed, name).items()}
    parts = {key: part for key, part in parts.items() if abs(part) > assumed_gain.TINY}
    if abs(whole) < assumed_gain.TINY or not parts:
        return None
    key = max(parts, key=lambda key: parts[key] / whole)
    shares = {each: (float(value_at(assumed.pair.values, each.split("."))), part / whole)
              for each, part in parts.items()}
    bounds = interval(of_utility()[key].range)
    return Coefficient(key, shares[key][0], bounds.low, bounds.high, shares[key][1], shares)


def _parts(assumed, name):
    """Key of a coefficient -> its part of the dV, of those in an addend of utility."""
    entries = [entry for entry in terms.registry.entries()
               if entry.parameters and (entry.name == name or name == REGISTRATION and entry.legal)]
    keys = [key for entry in entries for key in of_utility() if key.startswith(f"terms.{entry.name}.")]
    if len(keys) == 1:
        return {keys[0]: assumed.part(name)}
    one = [dataclasses.replace(offer, counts=offer.counts[:1], entrants=offer.entrants[:1])
           for offer in (assumed.pair.here, assumed.pair.there)]                     # its first replicate is enough
    few = assumed.pair._replace(here=one[0], there=one[1], chance=assumed.pair.chance[:len(one[0].entrants[0].site)])
    whole = assumed_gain.gains(few, name).mean(assumed.in_zone)
    if abs(whole) < assumed_gain.TINY:
        return {}
    left = {key: assumed_gain.gains(_at_zero(few, key), name).mean(assumed.in_zone) for key in keys}
    return {key: assumed.part(name) * (1.0 - left[key] / whole) for key in keys}     # shares of one replicate


def of_utility() -> dict[str, Row]:
    """Dotted key -> Row of the coefficients of utility: numbers without a unit, standard deviations apart."""
    found = [dataclasses.replace(row, key=f"terms.{entry.name}.{row.key}") for entry in terms.registry.entries()
             if entry.parameters for row in rows(entry.parameters)]
    return {row.key: row for row in found if row.unit == "1" and row.range and not row.key.endswith("sd")}


def _at_zero(pair, key):
    """The Pair with a coefficient of 0."""
    return pair._replace(**{name: _with(getattr(pair, name), key.split(".")) for name in ("here", "there")})


def _with(offer, path):
    return dataclasses.replace(offer, world=dataclasses.replace(offer.world, p=_zero(offer.world.p, path)))


def _zero(p, path):
    name, *rest = path
    return SimpleNamespace(**{**vars(p), name: _zero(getattr(p, name), rest) if rest else np.zeros(1)})
