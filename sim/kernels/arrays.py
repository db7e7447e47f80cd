"""What kernels pass to each other: named tuples of arrays, and the codes that stand in them.

A leading axis called `member` may have length 1 where all members of the ensemble agree; kernels
read it through `indexing.own`. Utilities are in units of the error's scale.
"""

import functools
import operator
from typing import NamedTuple

import numpy as np

EMPTY, CANDIDATE = -1, -2                     # values of State.site for slots without a site
NEWCOMER, MOVER, NEWCOMER_STAYS, MOVER_STAYS, SETTLED = range(5)   # status axis of classes
STATUSES = 5
LOG, LINEAR, SATURATING, TABLE = range(4)     # forms of peers
SEQUENTIAL, SIMULTANEOUS, ONE = range(3)      # who revises when
RND, TASTE_TAX = 1, 2                         # columns of State.loading
HOMES = ("home_local", "home_shanghai", "home_delta")      # 1 for who comes from there, by the first origins
LOADINGS = ("trade", "rnd", "taste_tax", "taste_access", "taste_core", "taste_linkage", *HOMES)
RATE, PASSED, REST = range(3)                 # columns of an expected stay: rate, its sum and R as a year of age begins
LANES = 64                                    # enterprises that loops take together, to vectorise
WEIGHT_ONE = 16                               # an enterprise's peer weight 1, in sixteenths
W_ONE = 1 << 24                               # decay weight 1
PHI_ONE = 1 << 10                             # kind-to-kind weight 1
NEVER = -1e300                                # ln of a probability of 0
EMPLOYEE = 1024.0                             # fixed-point units of one employee
OPENING, ENTERED, SPUN_OFF = range(3)         # generations of the census
GENERATIONS = 3
AGES = 61                                     # years of age that the census tells apart, the last for all older
FIELD_UNIT = 1.0 / (WEIGHT_ONE * W_ONE * PHI_ONE)      # a power of two, hence exact


class State(NamedTuple):
    """Enterprises, every array (member, slot); `loading` (member, slot, loading).

    Whole numbers have as few bits as hold them: passes over all enterprises wait for memory, not for arithmetic.
    """

    id: np.ndarray            # uint64, never reused
    parent: np.ndarray        # uint64, 0 unless a spin-off
    site: np.ndarray          # int16, index of the functional site, EMPTY or CANDIDATE
    industry: np.ndarray      # int16
    hq_type: np.ndarray       # int8
    origin: np.ndarray        # int8
    hightech: np.ndarray      # int8, 0 or 1
    kind: np.ndarray          # int32, what peers see: industry + industries x bits of its alliances
    weight: np.ndarray        # int16, peer weight in sixteenths
    anchor: np.ndarray        # int16, 1 + number of the anchor, negative if it chooses its site; 0 = none
    log_size: np.ndarray      # float64, ln employees
    born: np.ndarray          # int16, quarter of birth, counted from the start of the run
    arrived: np.ndarray       # int16, quarter of arrival at the present site
    legal: np.ndarray         # int16, index of the site where it is registered, EMPTY where nowhere yet
    legal_since: np.ndarray   # int16, quarter of registration there
    status: np.ndarray        # int8, at its legal place: NEWCOMER_STAYS, MOVER_STAYS or SETTLED
    epoch: np.ndarray         # int32, which error vector the enterprise has
    loading: np.ndarray       # float64, personal loadings in the order of LOADINGS


def part(kind, state):
    """The arrays of a State that a kernel reads, as a smaller named tuple: every array more takes time to compile."""
    return kind._make(_reader_of(kind)(state))


@functools.cache
def _reader_of(kind):
    return operator.attrgetter(*kind._fields)


class Places(NamedTuple):
    """Where enterprises may register, and what that is worth in a quarter; see `registration_value`."""

    separate: int                 # 0: the legal place is the functional site, and nothing here is read
    home: np.ndarray              # (member, legal place, functional site) probabilities without benefits
    log_home: np.ndarray          # (member, functional site, legal place) their logarithms, NEVER for 0
    scale: np.ndarray             # (member,) l_r
    relief: np.ndarray            # (member, class, site) worth of lasting tax relief, median taste; empty when none
    order: np.ndarray             # (site,) the order in which places are added up: that of their ids' keys


class Awards(NamedTuple):
    """Grants that only recognised headquarters draw, one a policy; without policies where there are none."""

    amount: np.ndarray            # (member, policy, class, site) RMB million
    bar: np.ndarray               # (member, policy, class) ln employees that recognition asks for
    research: np.ndarray          # (member, policy, class) employees times R&D intensity that it asks for


class Tables(NamedTuple):
    """What sites offer in a quarter, by class: class = ((status, industry), type), high-tech."""

    site: np.ndarray              # (member, site)
    by_class: np.ndarray          # (member, class, site and 0 to a whole vector)
    personal: np.ndarray          # (member, term, class, the same)
    loading_of: np.ndarray        # (term,) column of State.loading
    varies: np.ndarray            # (term,) int64, 0 where all classes have the same of `personal`, else 1
    grant: np.ndarray             # (member, class, site) RMB million; no site axis entry when none
    awards: Awards
    grant_beta: np.ndarray        # (member,)
    cost_per_employee: np.ndarray  # (member,) RMB million
    benefit_quarters: np.ndarray  # (member, class, site) how long relief lasts, inf without an end
    stay: np.ndarray              # (member, is a spin-off, year of age, 3) expected stay; see `kernels.choice.holiday`
    places: Places
    industries: int
    types: int


class Nests(NamedTuple):
    of_site: np.ndarray           # (site + 1,) int, the last entry is the outside option's
    size: np.ndarray              # (nest,) number of alternatives
    dissimilarity: np.ndarray     # (member, nest)


class Peers(NamedTuple):
    gamma: np.ndarray             # (member, term)
    row_of_kind: np.ndarray       # (term, kind) int, -1 = looks at nobody
    phi: np.ndarray               # (member, term, row, kind) int64, units of PHI_ONE
    w: np.ndarray                 # (member, site, site) int64, units of W_ONE
    offset: np.ndarray            # (member,)
    half: np.ndarray              # (member,)
    payoff: np.ndarray            # (site, count) for form TABLE
    form: int
    live: int                     # 0: fields stay as they are, and nobody is taken out of them


class Moving(NamedTuple):
    cost: np.ndarray              # (member, site) constant, by the site that is left
    log_size: np.ndarray          # (member,)
    age: np.ndarray               # (member,) per year
    log_distance: np.ndarray      # (member,)
    distance: np.ndarray          # (member, site + 1, site + 1) ln(1 + km), outside last
    outside: int                  # 0: there is no outside option


class Keys(NamedTuple):
    """Streams are (member,) uint64 keys of (seed, replicate, process)."""

    choice: np.ndarray
    review: np.ndarray
    epoch: np.ndarray
    order: np.ndarray
    register: np.ndarray
    site: np.ndarray              # (site + 1,) uint64 of the ids, outside last
    nest: np.ndarray              # (nest,) uint64 of the ids


class Rules(NamedTuple):
    review: np.ndarray            # (member,) quarterly probability of a review
    keep: np.ndarray              # (member,) probability that a review keeps the errors
    revision: int


class Events(NamedTuple):
    """What happened in a quarter, counted by the kernels that made it happen."""

    entries: np.ndarray           # (member, site, industry, type)
    spinoffs: np.ndarray          # (member, site, industry, type)
    exits: np.ndarray             # (member, site, industry, type)
    flows: np.ndarray             # (member, industry, origin, destination), outside last
    declined: np.ndarray          # (member,)


class Traits(NamedTuple):
    """Laws from which an enterprise's attributes are drawn; `cum` are cumulative shares."""

    industry_cum: np.ndarray      # (industry,)
    type_cum: np.ndarray          # (type,)
    origin_cum: np.ndarray        # (origin,)
    hightech: np.ndarray          # (industry,) share
    trade: np.ndarray             # (industry,) mean relative to all
    rnd: np.ndarray               # (industry,) mean relative to all
    intensity_sd: np.ndarray      # (member,)
    tax_sd: np.ndarray            # (member,)
    log_median: np.ndarray        # (member,)
    size_sd: np.ndarray           # (member,)
    tail_exponent: np.ndarray     # (member,)
    tail_share: np.ndarray        # (member,)
    log_largest: np.ndarray       # (member,) ln of the largest size
    log_entrant: np.ndarray       # (member,) ln of entrants' size relative to incumbents
    uniform: int                  # 1: tastes for access and rings are uniform, else normal
    alliance_key: np.ndarray      # (alliance,) uint64
    alliance_share: np.ndarray    # (member, alliance, industry) probability that an enterprise belongs
