"""Naive twins of what places offer to whom, and of registration."""

import math

from sim.kernels import arrays
from tests.oracles.naive_draws import combine, draw, own


def row_of(status, m, i, state, tables):
    """Row of the enterprise's class in a status."""
    row = status * tables.industries + state.industry[m, i]
    return (row * tables.types + state.hq_type[m, i]) * 2 + state.hightech[m, i]


def discounted(rates, start, end):
    """Integral of e^-(rates passed since the start) between two ages, a year of age at a time."""
    total, passed, at = 0.0, 0.0, start
    while at < end:
        year = min(int(at), len(rates) - 1)
        until = end if year == len(rates) - 1 else min(end, year + 1)
        total += math.exp(-passed) * (1 - math.exp(-rates[year] * (until - at))) / rates[year]
        passed, at = passed + rates[year] * (until - at), until
    return total


def covered(status, place, m, i, quarter, state, tables, arriving):
    """Share of the expected, discounted stay over which relief at a place lasts, or what is left of it."""
    years = own(tables.benefit_quarters, m)[row_of(status, m, i, state, tables)][place] / 4
    if not arriving and status != arrays.SETTLED:
        years = max(years - (quarter - state.legal_since[m, i]) / 4, 0)
    rates = own(tables.stay, m)[int(state.parent[m, i] != 0)][:, arrays.RATE].tolist()
    age = (quarter - state.born[m, i]) / 4
    return discounted(rates, age, age + years) / discounted(rates, age, math.inf)


def offer(status, j, m, i, quarter, state, tables, arriving):
    """What site j offers enterprise i in a status, money on arrival included if it arrives."""
    row = row_of(status, m, i, state, tables)
    value = own(tables.site, m)[j] + own(tables.by_class, m)[row][j]
    for a, column in enumerate(tables.loading_of):
        share = covered(status, j, m, i, quarter, state, tables, arriving) if column == arrays.TASTE_TAX else 1.0
        value += state.loading[m, i, column] * own(tables.personal, m)[a][row][j] * share
    if arriving and not tables.places.separate:
        value += worth_of_grants(row, j, m, i, state, tables)
    return value


def worth_of_grants(row, j, m, i, state, tables):
    """b ln(1 + money on arrival / cost), awards to those who meet the bars included."""
    paid = own(tables.grant, m)[row][j] if len(own(tables.grant, m)) else 0.0
    size, research = math.exp(state.log_size[m, i]), state.loading[m, i, arrays.RND]
    for p, amount in enumerate(own(tables.awards.amount, m)):
        if state.log_size[m, i] >= own(tables.awards.bar, m)[p][row] \
                and research * size >= own(tables.awards.research, m)[p][row]:
            paid += amount[row][j]
    return own(tables.grant_beta, m) * math.log(1 + paid / (own(tables.cost_per_employee, m) * size))


def worth_of_place(r, m, i, quarter, state, tables):
    """What being registered at r brings: relief as what it is there, or both as one who comes."""
    here = state.legal[m, i] == r
    came_as = arrays.NEWCOMER if state.legal[m, i] < 0 else arrays.MOVER
    status = state.status[m, i] if here else came_as
    row, w = row_of(status, m, i, state, tables), 0.0
    if len(own(tables.places.relief, m)):
        w += state.loading[m, i, arrays.TASTE_TAX] * own(tables.places.relief, m)[row][r] \
            * covered(status, r, m, i, quarter, state, tables, not here)
    return w if here else w + worth_of_grants(row, r, m, i, state, tables)


def worth_of_places(m, i, quarter, state, tables):
    """(site,) l_r ln sum_r q_rj e^(w_r / l_r), seen from every site j."""
    if not tables.places.separate:
        return [0.0] * own(tables.site, m).size
    scale, home = own(tables.places.scale, m), own(tables.places.home, m)
    worth = [worth_of_place(r, m, i, quarter, state, tables) for r in range(len(home))]
    return [scale * math.log(sum(home[r][j] * math.exp(w / scale) for r, w in enumerate(worth)))
            for j in range(own(tables.site, m).size)]


def register(quarter, state, tables, keys, rules):
    """Those without a legal place, who have moved or review choose the best with their errors."""
    for m in range(len(state.site)):
        key = combine(keys.review[m], quarter)
        for i in range(state.site.shape[1]):
            free = state.anchor[m, i] <= 0 or state.legal[m, i] < 0
            reviews = rules.revision != arrays.ONE and draw(key, state.id[m, i]) < own(rules.review, m)
            if state.site[m, i] >= 0 and free and (
                    reviews or state.legal[m, i] < 0 or state.arrived[m, i] == quarter):
                enrol(best_place(m, i, quarter, state, tables, keys), m, i, quarter, state, tables)


def best_place(m, i, quarter, state, tables, keys):
    key = combine(combine(keys.register[m], state.id[m, i]), state.epoch[m, i])
    home, scale, found = own(tables.places.home, m), own(tables.places.scale, m), []
    for r in range(len(home)):
        gumbel = -math.log(-math.log(draw(key, keys.site[r])))
        likely = home[r][state.site[m, i]]
        found.append(math.log(likely) + worth_of_place(r, m, i, quarter, state, tables) / scale + gumbel
                     if likely > 0 else -math.inf)
    return found.index(max(found))


def enrol(place, m, i, quarter, state, tables):
    """Register at a place, unless it is there already."""
    if place == state.legal[m, i]:
        return
    came = arrays.NEWCOMER_STAYS if state.legal[m, i] < 0 else arrays.MOVER_STAYS
    promised = own(tables.benefit_quarters, m)[row_of(came, m, i, state, tables)][place]
    state.status[m, i] = came if promised > 0 else arrays.SETTLED
    state.legal[m, i], state.legal_since[m, i] = place, quarter
