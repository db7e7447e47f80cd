"""The systematic utility of a site, as one sum, and as a function in plain numpy.

    V_ij = sum_T T_j(class of i) x loading of i              terms: a file each in terms/
         + sum_P gamma_P f(a + sum_k w(d_jk) n_Pk)           terms that look at peers, i itself not among them
         + l_r ln sum_r q_rj e^(W_ir / l_r)                  registration: taxes and grants at legal places r
         - [j != current] (c0 + c1 ln size_i + c2 min(age_i, 10) + c3 ln(1 + d(current, j)))   moving cost
    W_ir = b_t relief_ir covered_ir taste_i + b_g ln(1 + grant_ir / cost_i)

c0 is that of the present site, where it is solved by site (`model.stay_constants`).
covered_ir is the share of i's expected, discounted stay over which it has the relief (`kernels.choice.holiday`): 1 of a
lasting relief, of n years from arrival about 1 - q^n, and where i is already, of what is left of them.

The outside option is worth 0, or nothing where a scenario has none. A choice adds the errors, which are no part of V:
U_ij = V_ij + l_m (e_ij + ln Z_im), e Gumbel, Z_m positive stable (McFadden 1978; Cardell 1997; `kernels.choice`).

| addend | where it is computed when a run chooses |
| --- | --- |
| terms by site, class and loading | `choice_tables.choice_tables`, read by `kernels.choice.utility.fill_offers` |
| peers | `choice_tables.peer_tables` as data, `kernels.choice.peers.add_peers` on live counts |
| registration | `kernels.choice.registration_value.price_places` and `add_places` |
| moving cost | `choice_tables.moving_tables`, `kernels.choice.utility.fill_offers` |

Where registration is function, relief and grants are terms of the site itself. Here every addend stands apart, for one
member and any enterprises: what a policy changes (`results.direct_effects`), regressors of an estimation, and the
oracle of the kernels. Units of the error's scale.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import terms
from sim.kernels import arrays
from sim.model import choice_tables, expected_stay
from sim.model.step import ModelState, RunConstants
from sim.model.world import World
from sim.policies.levers import Levers

REGISTRATION, MOVING, OUTSIDE = "registration", "moving cost", "outside option"


class Snapshot(NamedTuple):
    """What the enterprises of one member see on a date."""

    world: World
    member: int
    quarter: int                  # -1 is the eve of the start
    levers: Levers                # of the quarter, with its rents
    peers: arrays.Peers
    moving: arrays.Moving
    counts: np.ndarray            # (kind, site) peers in sixteenths

    def own(self, values: Any) -> Any:
        """The member's entry of an array (member, ...), or the one for all."""
        return values[self.member % len(values)]


class Choosers(NamedTuple):
    """Enterprises that choose, every array (chooser,)."""

    site: np.ndarray              # index of the present site, -1 for an entrant
    legal: np.ndarray             # index of the site of registration, -1 for none
    status: np.ndarray            # what it is at its legal place (layout)
    arriving: np.ndarray          # what other places see in it, NEWCOMER or MOVER
    industry: np.ndarray
    hq_type: np.ndarray
    hightech: np.ndarray
    kind: np.ndarray              # what peers see
    weight: np.ndarray            # peer weight in sixteenths
    log_size: np.ndarray          # ln employees
    age: np.ndarray               # years
    loading: np.ndarray           # (chooser, loading) in the order of layout.LOADINGS
    held: np.ndarray              # years since it registered, 0 for the settled
    spun: np.ndarray              # 1 for a spin-off


def snapshot(world: World, fixed: RunConstants, economy: ModelState, quarter: int, rent: NDArray[np.float64],
             member: int = 0) -> Snapshot:
    """The Snapshot of a member in a quarter at these rents (member, site), on the economy's opening counts."""
    levers = choice_tables.levers_at(world, quarter, fixed.constant, rent)
    counts = economy.counts if fixed.peers.live else fixed.frozen_counts
    return Snapshot(world, member, quarter, levers, choice_tables.peers_at(world, levers, fixed.peers), fixed.moving,
                    counts[member % len(counts)])


def choosers(state: arrays.State, member: int, slots: NDArray[np.intp], quarter: int) -> Choosers:
    """The enterprises in some slots of a member."""
    one = {name: getattr(state, name)[member, slots].astype(np.int64) for name in (
        "site", "legal", "industry", "hq_type", "hightech", "kind", "weight", "status")}
    site, legal = np.maximum(one.pop("site"), -1), np.maximum(one.pop("legal"), -1)
    return Choosers(site=site, legal=legal,
                    log_size=state.log_size[member, slots], loading=state.loading[member, slots],
                    arriving=np.where(legal < 0, arrays.NEWCOMER, arrays.MOVER),
                    age=(quarter - state.born[member, slots]) * 0.25,
                    held=(one["status"] != arrays.SETTLED) * (quarter - state.legal_since[member, slots]) * 0.25,
                    spun=(state.parent[member, slots] != 0).astype(int), **one)


def utility(snap: Snapshot, who: Choosers) -> NDArray[np.float64]:
    """(chooser, site + 1) V, the outside option last."""
    return sum(addends(snap, who).values())  # type: ignore[return-value]  # of no addends it would be 0


def addends(snap: Snapshot, who: Choosers, only: str | None = None) -> dict[str, NDArray[np.float64]]:
    """Name of an addend -> (chooser, site + 1) what it adds to V; of all addends or only one."""
    separate, found = snap.world.places.separate, {}
    for entry in terms.registry.entries():
        if only in (None, entry.name) and not (entry.legal and separate):
            found[entry.name] = _addend(snap, who, entry)
    if only in (None, REGISTRATION) and separate:
        found[REGISTRATION] = _registration(snap, who)
    found = {name: np.pad(value, ((0, 0), (0, 1))) for name, value in found.items()}
    if only in (None, MOVING):
        found[MOVING] = -moving_cost(snap, who)
    if only in (None, OUTSIDE):
        found[OUTSIDE] = np.zeros((len(who.site), snap.world.sites + 1))
        found[OUTSIDE][:, -1] = 0.0 if snap.moving.outside else arrays.NEVER
    return found


def _addend(snap, who, entry):
    """(chooser, site) what a term adds to V."""
    world = snap.world
    if entry.peers:
        return _peers(snap, who, entry(world, snap.levers))
    if entry.loading == "grant":
        return _grants(snap, who)
    value = np.zeros((len(who.site), world.sites))
    for loading, table in terms.by_loading(entry, entry(world, snap.levers, snap.quarter)):
        value = value + _offered(snap, who, snap.own(table), who.site) * _loadings(who, loading)
    return value * _covered(snap, who, who.site) if entry.legal else value


def through_peers(snap: Snapshot, who: Choosers) -> dict[str, NDArray[np.float64]]:
    """Name of a term that looks at peers -> (chooser, site) what it adds to V."""
    return {entry.name: _peers(snap, who, entry(snap.world, snap.levers)) for entry in terms.registry.entries()
            if entry.peers}


def moving_cost(snap: Snapshot, who: Choosers) -> NDArray[np.float64]:
    """(chooser, site + 1) c0 + c1 ln size + c2 min(age, 10) + c3 ln(1 + d), 0 for staying and for entrants.

    c0 is that of the site that is left.
    """
    own, here = snap.own, who.site >= 0
    fixed = own(snap.moving.cost)[who.site] + own(snap.moving.log_size) * who.log_size \
        + own(snap.moving.age) * np.minimum(who.age, 10.0)
    cost = fixed[:, None] + own(snap.moving.log_distance) * own(snap.moving.distance)[who.site]
    cost[here, who.site[here]] = 0.0
    return np.where(here[:, None], cost, 0.0)


def _rows(snap, who, status):
    """(chooser,) rows of the classes that the enterprises are in a status."""
    world = snap.world
    return ((status * world.industries + who.industry) * len(world.type_names) + who.hq_type) * 2 + who.hightech


def _offered(snap, who, table, present):
    """(chooser, site) entries of a (class or 1, site) table: as one who comes, at the present place as what it is."""
    table = np.broadcast_to(table, (snap.world.classes, snap.world.sites))
    value, here = table[_rows(snap, who, who.arriving)], np.flatnonzero(present >= 0)
    value[here, present[here]] = table[_rows(snap, who, who.status)[here], present[here]]
    return value


def _loadings(who, name):
    """(chooser, 1) what a term is multiplied by."""
    return who.loading[:, [arrays.LOADINGS.index(name)]] if name else np.ones((len(who.site), 1))


def _peers(snap, who, term):
    """(chooser, site) gamma f(a + sum_k w(d_jk) n_k) of a PeerTerm; nobody is a peer of oneself."""
    row, live = term.row_of_kind[who.kind], snap.peers.live
    phi = np.rint((snap.own(term.phi) if term.phi.ndim == 3 else term.phi) * arrays.PHI_ONE).astype(np.int64)
    weights, at = snap.own(snap.peers.w), np.maximum(row, 0)                                # (site, site)
    mine = phi[at, who.kind] * np.where(live & (who.site >= 0), who.weight, 0)
    n = ((phi @ snap.counts @ weights)[at] - mine[:, None] * weights[who.site]) * arrays.FIELD_UNIT
    value = snap.own(term.gamma) * _form(snap, n)
    return np.where(row[:, None] >= 0, value, 0.0)


def _form(snap, n):
    """f of peers n (chooser, site): the logarithm, shares, a saturating curve, or a table of payoffs."""
    peers = snap.peers
    if peers.form == arrays.LOG:
        return np.log(snap.own(peers.offset) + n)
    if peers.form == arrays.LINEAR:
        return n / np.maximum(n.sum(axis=1, keepdims=True), 1e-300)
    if peers.form == arrays.SATURATING:
        return n / (n + snap.own(peers.half))
    place = np.minimum((n + 0.5).astype(int), peers.payoff.shape[1] - 1)
    return peers.payoff[np.arange(n.shape[1]), place]


def _registration(snap, who):
    """(chooser, site) l_r ln sum_r q_rj e^(W_ir / l_r), the inclusive value of the legal places seen from j."""
    places, own = snap.world.places, snap.own
    worth, scale = _worth(snap, who), own(places.scale)
    top = np.maximum(worth.max(axis=1, keepdims=True), 0.0)
    return top + scale * np.log(np.exp((worth - top) / scale) @ own(places.home))


def _worth(snap, who):
    """(chooser, legal place) W of arriving; where it is registered, of what it is there, without grants."""
    there, worth = np.flatnonzero(who.legal >= 0), _paid(snap, who)
    worth[there, who.legal[there]] = 0.0
    for entry in terms.registry.entries():
        if entry.legal and entry.loading != "grant":
            table = snap.own(entry(snap.world, snap.levers, snap.quarter))
            lasting = _loadings(who, entry.loading) * _offered(snap, who, table, who.legal)
            worth += lasting * _covered(snap, who, who.legal)
    return worth


def _covered(snap, who, present):
    """(chooser, site) share of a lasting relief's worth: of all its years on arrival, of what is left where it is."""
    years = 0.25 * _offered(snap, who, snap.own(snap.levers.benefit_quarters), present)
    here = np.flatnonzero(present >= 0)
    years[here, present[here]] = np.maximum(years[here, present[here]] - who.held[here], 0.0)
    stay = snap.own(expected_stay.table(snap.world))[who.spun]
    return expected_stay.covered(stay, np.asarray(who.age, float), years)


def _grants(snap, who):
    """(chooser, site) worth of money on arrival, where a site is the legal place as well: none for who stays."""
    paid, here = _paid(snap, who), np.flatnonzero(who.site >= 0)
    paid[here, who.site[here]] = 0.0
    return paid


def _paid(snap, who):
    """(chooser, site) b_g ln(1 + grant / cost) of arriving, awards for those who meet their bars included."""
    world, own, rows = snap.world, snap.own, _rows(snap, who, who.arriving)
    size = np.exp(who.log_size)
    research = who.loading[:, arrays.LOADINGS.index("rnd")] * size
    grant = own(snap.levers.grant)[rows]
    for award in snap.levers.awards:
        meets = (who.log_size >= own(award.bar)[rows]) & (research >= own(award.research)[rows])
        grant = grant + own(award.amount)[rows] * meets[:, None]
    cost = own(world.p.land.cost_per_employee) * size
    return own(world.p.terms.grant.beta) * np.log1p(grant / cost[:, None])
