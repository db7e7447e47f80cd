"""Drawer of utility terms: every file adds one registered entry.

A table term is a function (world, levers, quarter) -> array that broadcasts to
(member, class, site), in units of the error's scale; with `loading="trade"` the table is multiplied
by that attribute of the enterprise. A peer term is a function
(world, levers) -> PeerTerm, data that the choice kernel evaluates on live counts, because
enterprises choose one after another.
"""

from typing import NamedTuple

import numpy as np

from sim.registry import Registry

registry = Registry("utility term", "sim.terms")


class PeerTerm(NamedTuple):
    """gamma * form(a + sum over kinds and sites of phi[row, kind] w(d) n[kind, site])."""

    gamma: np.ndarray          # (member or 1,) weight, in units of the error's scale
    row_of_kind: np.ndarray    # (kind,) which row an enterprise of a kind looks at; -1 = none
    phi: np.ndarray            # (row, kind), or (member, row, kind): how much a peer of a kind counts in a row


def register(name, *, sign, parameters=None, loading=None, peers=False, legal=False):
    """File a term: sign of its effect, its parameters' Section, the personal loading if any.

    A `legal` term belongs to the legal place: where registration is a choice of its own it enters the
    value of legal places alone.
    """
    return registry.register(name, sign=sign, parameters=parameters, loading=loading, peers=peers, legal=legal)


def by_site(coefficient, values):
    """coefficient (member,) times values (member, site) -> (member, 1, site)."""
    return coefficient[:, None, None] * values[:, None, :]
