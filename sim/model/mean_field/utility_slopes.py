"""Slopes of utility in the counts, as a map of changes: through the fields of peers and through rents.

Peers enter by the fields f_pk = sum_t phi_pt sum_j w_jk n_tj of what counts at k (term p, row of the kind that looks),
so that the slopes are products of few arrays, and no array of (kind, site) pairs is built:

    dV_sk = sum_t own_skt y_tk + sum_t whole_skt sum_j y_tj - b_k sum_t rent_tk x_tk,     y_tk = sum_j w_jk x_tj

with own = sum_p h'(f_pk) phi_pt: gamma/(a + f) for logarithms, gamma H/(H + f)^2 for saturation, gamma/F for shares of
the sum F of a field over sites, whose other slope, whole, is -gamma f/F^2; for a table of payoffs what one enterprise
more makes, from half an enterprise below to half above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, LINEAR, LOG, PHI_ONE, SATURATING, W_ONE
from sim.kernels.mean_field_maps import utility
from sim.model.mean_field import rents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field


class UtilitySlopes(NamedTuple):
    """dV/dn at counts n."""

    near: np.ndarray            # (site j, site k) w_jk
    own: np.ndarray             # (kind s, kind t, site k)
    whole: np.ndarray           # the same, empty unless utility depends on shares of the sum over sites
    rent: np.ndarray            # (kind, site) what a count adds to ln rent
    rent_slope: np.ndarray      # (site,) dV / d ln rent

    def times(self, change: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., kind, site) changes of utility for changes of counts (..., kind, site)."""
        return self.seen(change)[0]

    def seen(self, change: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(..., kind, site) changes of utility, and (..., site) of ln rent."""
        return utility(*self, change)


def build(field: Field, n: NDArray[np.float64]) -> UtilitySlopes:
    """The UtilitySlopes of a Field at counts n (kind, site)."""
    kinds, sites = n.shape
    near, nothing = field.peers.w[0] / W_ONE, np.empty((0, 0, 0))
    own, whole = _of_peers(n + field.fixed_peers, field.peers, near) if field.live else (
        np.zeros((kinds, kinds, sites)), None)
    return UtilitySlopes(near, own, nothing if whole is None else whole, rents.slopes(field, n), field.rent_slope)


def _of_peers(n, peers, near):
    """(own, whole) at counts n (kind, site)."""
    looks = peers.row_of_kind                                              # (term, kind)
    phi = np.take_along_axis(peers.phi[0] / PHI_ONE, np.maximum(looks, 0)[:, :, None], axis=1)
    phi *= (peers.gamma[0][:, None] * (looks >= 0))[:, :, None] != 0.0     # (term, kind that looks, kind)
    fields = np.einsum("pst,tk->psk", phi, np.einsum("jk,tj->tk", near, n))
    fields = np.rint(fields / FIELD_UNIT) * FIELD_UNIT                     # as the production code has them
    slope, whole = _of_fields(fields, peers)
    return [None if each is None else np.ascontiguousarray(np.einsum("p,psk,pst->stk", peers.gamma[0], each, phi))
            for each in (slope, whole)]


def _of_fields(fields, peers):
    """(term, kind, site) slopes of what a field is worth, and those in its sum over sites or None."""
    if peers.form == LOG:
        seen = peers.offset[0] + fields                                    # the logarithm of nobody is a constant
        return np.divide(1.0, seen, out=np.zeros_like(seen), where=seen > 0.0), None
    if peers.form == SATURATING:
        return peers.half[0] / (fields + peers.half[0]) ** 2, None
    if peers.form == LINEAR:
        total = np.maximum(fields.sum(axis=2, keepdims=True), 1e-300)
        return np.broadcast_to(1.0 / total, fields.shape), -fields / total / total
    last = peers.payoff.shape[1] - 1
    below = np.minimum(fields.astype(np.int64), last)
    above = np.minimum((fields + 1.0).astype(np.int64), last)
    site = np.arange(fields.shape[2])
    return peers.payoff[site, above] - peers.payoff[site, below], None
