"""Mutants: does a test notice when a line of the model is wrong?

    python tests/mutants.py                  all, one after another (two hours or so on one core)
    python tests/mutants.py --only rent      those whose name holds the word
    python tests/mutants.py --page docs/validation.md     and write the list between the page's marks
    python tests/mutants.py --verify         and ask `sim verify` of those that no theorem killed

Each mutant is one replacement in one file of a copy of the package. The copy's tests run in an order
that is quick to fail: those near the change, then a subset of theorems, signs and twins; the first that
fails is the killer. What is known already is kept in a file of results and not run again while the
mutant and its file are the same. pytest does not collect this file.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parent.parent
QUICK = ["tests/model/test_quarter.py", "tests/verification/test_theorems.py", "tests/terms/test_signs.py",
         "tests/policies/test_signs_policies.py", "tests/kernels/test_alike.py", "tests/kernels/test_tangents.py",
         "tests/kernels/test_wide.py", "tests/kernels/test_legal_places.py",
         "tests/model/test_processes.py", "tests/kernels/test_kernels.py", "tests/kernels/test_staying.py",
         "tests/kernels/test_proposals.py", "tests/kernels/test_chooser_lanes.py",
         "tests/kernels/test_kernels_headquarters.py", "tests/kernels/test_kernels_life.py",
         "tests/model/test_diagnostics.py", "tests/model/test_feedback_twin.py", "tests/model/test_entry_elasticity.py",
         "tests/model/test_kind_constants.py", "tests/model/test_stay_constants.py",
         "tests/model/test_registration.py", "tests/model/test_accounts.py", "tests/model/test_sharing.py"]
BLOCK = re.compile(r"(<!-- verified: mutants -->\n).*?(<!-- end: mutants -->)", re.DOTALL)
WORK = pathlib.Path(tempfile.gettempdir()) / f"mutants-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
WARM = "T09 or T20 or T23 or T27"      # compile most kernels
THEOREMS = "verification/test_theorems.py::test_theory_and_program_agree"     # the quick cases of `sim verify`
LIMIT = 1500                   # seconds until a run of tests counts as hung, and the mutant as killed


class Mutant(NamedTuple):
    name: str                  # what is wrong
    file: str                  # in sim/
    right: str                 # stands there once
    wrong: str
    near: str                  # tests that look at it, as pytest's -k takes them


MUTANTS = [
    # terms and policies
    Mutant("rent raises utility", "terms/rent.py", "return -world.p.terms.rent.beta",
           "return world.p.terms.rent.beta", "test_theory and T13 or test_every_term and rent"),
    Mutant("size term without the nest's dissimilarity", "terms/floor.py",
           "world.dissimilarity_of_site * np.log", "np.log", "T14"),
    Mutant("localisation counts the other industries", "terms/localisation.py", "== rows[None, :]",
           "!= rows[None, :]", "test_every_term and localisation"),
    Mutant("tax relief repels", "terms/tax.py", "return world.p", "return -world.p",
           "test_every_term and tax"),
    Mutant("site constants with the wrong sign", "terms/site_constant.py", "levers.constant",
           "-levers.constant", "T01"),
    Mutant("a station counts a year early", "terms/station.py", "(since + 1.0) / 4.0",
           "(since + 5.0) / 4.0", "station"),
    Mutant("the national rate is deducted twice", "policies/tax_rate.py",
           "world.statutory_rate - policy.rate", "world.statutory_rate - 2 * policy.rate",
           "test_signs_policies"),
    # tables: lags, decay, costs
    Mutant("no perception lag", "model/choice_tables.py",
           "return np.where(policy.lag > 0, gammainc(shape, scaled), 1.0)",
           "return np.where(policy.lag > 0, 1.0, 1.0)", "T35"),
    Mutant("perception lag of one exponential", "model/choice_tables.py", "gammainc(shape, scaled)",
           "gammainc(1.0, scaled)", "T35"),
    Mutant("lag counted from a quarter later", "model/choice_tables.py", "(quarters + 0.5, 0.0)",
           "(quarters - 0.5, 0.0)", "T35"),
    Mutant("withdrawal is not perceived", "model/choice_tables.py", "risen * (1.0 - _erlang(now - policy.end, policy))",
           "risen", "T35"),
    Mutant("decay over twice the distance", "model/choice_tables.py", "np.exp(-distance / np",
           "np.exp(-2.0 * distance / np", "decay_weights"),
    Mutant("peers of the neighbours count where decay is off", "model/choice_tables.py", "own_only)\n",
           "np.ones_like(own_only))\n", "T08 and friendly"),
    Mutant("distance costs nothing", "model/choice_tables.py", "log_distance=p.log_distance,",
           "log_distance=0.0 * p.log_distance,", "farther"),
    # processes
    Mutant("supply shrinks as rents rise", "model/processes/land.py", "pressure / (1.0 + p",
           "pressure / (1.0 - p", "T13 or T29"),
    Mutant("no cap on floor", "model/processes/land.py", "np.exp(np.maximum(elastic, at_cap) if capped else elastic)",
           "np.exp(elastic)", "T29"),
    Mutant("other users spend all of the base year", "model/processes/land.py", "modelled_share[:, None] - 1.0)",
           "modelled_share[:, None])", "T13"),
    Mutant("a year's entrants every quarter", "model/processes/demography.py", "return 0.25 * rate",
           "return rate", "T20"),
    Mutant("rents keep enterprises alive", "model/processes/demography.py", "return rent ** (world",
           "return rent ** -(world", "exit or rent or hazard"),
    Mutant("reviews by the year's hazard every quarter", "model/initialise.py",
           "1.0 - (1.0 - p.choice.review) ** 0.25", "p.choice.review", "T20"),
    Mutant("taxes lose what the jurisdiction keeps", "model/public_accounts/money.py", "amount - central - province]",
           "amount - central]", "account or level or sum or split"),
    Mutant("what goes to the fund is shared again", "model/public_accounts/sharing.py", "rest = rest - paid",
           "rest = rest", "fund or transfers or sharing"),
    # diagnostics
    Mutant("multiplier leaves out what is held", "model/mean_field/held_inverse.py",
           "less(factor, block)", "less(factor, 0.0 * block)", "T20"),
    Mutant("spin-offs of other industries are left out of the inverse", "model/mean_field/held_inverse.py",
           "return own + each_kind", "return own + 0.0 * each_kind", "undoes"),
    Mutant("the nest of a site loses no more than the others", "kernels/mean_field.py",
           "(1.0 + slack * same", "(1.0 + 0.0 * slack * same", "nested or slopes"),
    Mutant("who leaves for outside stays too", "kernels/mean_field.py",
           "moved[kind, k] -= went[j]", "moved[kind, k] -= went[j] * (j < moved.shape[1])", "plain"),
    Mutant("the mean field loses its movers' origins", "model/mean_field/quarter_map.py",
           " - n * _staffed(field))", ")", "T12 or T20"),
    # kernels
    Mutant("moving is free", "kernels/choice/utility.py", "v[j] -= cost +", "v[j] -= 0.0 * cost +", "T09"),
    Mutant("one's own site costs a move too", "kernels/choice/utility.py", "        v[t, site] = stay\n",
           "        v[t, site] = stay - cost\n", "T09"),
    Mutant("an enterprise counts itself", "kernels/choice/peers.py", "if peers.live and who.site[t] >= 0 else",
           "if peers.live and who.site[t] < 0 else", "T08 and friendly"),
    Mutant("counts stand still while enterprises choose", "kernels/choice/choice.py", "if view.peers.live:",
           "if view.peers.live < 0:", "T08 and friendly"),
    Mutant("origin and destination swapped in the books", "kernels/choice/choice.py",
           "events.flows[m, industry, current, chosen] += 1",
           "events.flows[m, industry, chosen, current] += 1", "T29"),
    Mutant("errors are never renewed", "kernels/choice/choice.py", "rows.epoch[t] += renews",
           "rows.epoch[t] += 0", "T09"),
    Mutant("errors of a nest on the plain scale", "kernels/choice/draws.py",
           "draws.error[j, t] = index * (draws.error[j, t]",
           "draws.error[j, t] = 1.0 * (draws.error[j, t]", "T03"),
    Mutant("nests share no draw", "kernels/choice/draws.py", "+ draws.stable[nest, t])",
           "+ 0.0 * draws.stable[nest, t])", "T03"),
    Mutant("inclusive value without its dissimilarity", "kernels/choice/expected.py",
           "share[nest, t] += dissimilarity * log", "share[nest, t] += log", "T03"),
    Mutant("exits by the year's hazard every quarter", "kernels/firms/closing.py", "exp(0.25 * log(1.0 - min",
           "exp(log(1.0 - min", "T27"),
    Mutant("age a year ahead", "kernels/firms/closing.py", "years = min((quarter - state.born[m, i]) // 4,",
           "years = min((quarter - state.born[m, i]) // 4 + 1,", "T27"),
    Mutant("growth with the year's deviation every quarter", "kernels/firms/life.py",
           "0.5 * own(sd, m)", "own(sd, m)", "T25 and quick"),
    Mutant("benefits repel registrations", "kernels/firms/registration.py", "value += who.worth[t, r] / scale",
           "value -= who.worth[t, r] / scale", "regist"),
    Mutant("the books take the legal place for the functional one", "kernels/tax_base.py",
           "by_site[at_site[t]] += code[t]", "by_site[at_place[t] // PLACE] += code[t]",
           "tally or apart or account"),
    Mutant("spin-offs come from the dead as well", "kernels/firms/spinoff.py",
           "flag[i] = (site[i] >= 0) & (u <", "flag[i] = (site[i] >= -1) & (u <",
           "spin or T29"),
    Mutant("spin-offs choose where they should stay", "kernels/firms/spinoff.py", "(STAYS))) < stays",
           "(STAYS))) >= stays", "T23 and one"),
    # which quarter's, in which order, whose: read off the engine before the tests were looked at
    Mutant("choices ignore the quarter's rents", "model/step.py", "levers._replace(rent=market.rent), quarter)",
           "levers, quarter)", "quarter"),
    Mutant("choices see the peers of the run's opening", "model/step.py",
           "    seen = _seen(fixed, counts)", "    seen = fixed.frozen_counts", "quarter"),
    Mutant("enterprises grow before they close", "model/step.py",
           """        demography.exits(world, fixed, quarter, state, market.rent, events, closed)
        demography.growth(world, fixed, quarter, state, density - economy.log_density)
""", """        demography.growth(world, fixed, quarter, state, density - economy.log_density)
        demography.exits(world, fixed, quarter, state, market.rent, events, closed)
""", "quarter"),
    Mutant("closing ignores the quarter's rents", "model/step.py", "quarter, state, market.rent, events, closed)",
           "quarter, state, 0.0 * market.rent + 1.0, events, closed)", "quarter"),
    Mutant("growth by density itself", "model/step.py", "quarter, state, density - economy.log_density)",
           "quarter, state, density)", "quarter"),
    Mutant("density of the quarter before is kept", "model/step.py", "employees, density, followed",
           "employees, economy.log_density, followed", "quarter"),
    Mutant("promises end a quarter late", "model/step.py", "life.expire(quarter, state, offers)",
           "life.expire(quarter - 1, state, offers)", "quarter"),
    Mutant("who is at risk is counted a quarter older", "model/step.py",
           "at_risk, stayed = census(world, quarter, state)", "at_risk, stayed = census(world, quarter + 1, state)",
           "quarter or T27"),
    Mutant("spin-offs that stay settle by the peers of the base year", "model/step.py",
           "settle(world, fixed._replace(peers=peers), quarter", "settle(world, fixed, quarter", "quarter"),
    Mutant("a recorded status counts a quarter late", "model/choice_tables.py", "level[quarter + 1]", "level[quarter]",
           "status or quarter"),
    Mutant("an announcement is heard a quarter late", "model/choice_tables.py", "(announced <= now)",
           "(announced < now)", "T35 or announce or intensity"),
    Mutant("a policy starts a quarter late", "model/choice_tables.py", "risen = np.where(now >= policy.start,",
           "risen = np.where(now > policy.start,", "T35 or intensity"),
    Mutant("a policy ends a quarter late", "model/choice_tables.py", "return np.where(now >= policy.end,",
           "return np.where(now > policy.end,", "T35 or intensity"),
    Mutant("land of a policy is no floor to choose", "model/choice_tables.py", "floor=levers.land * world.base_floor",
           "floor=0.0 * levers.land + world.base_floor", "land or floor"),
    Mutant("a year's trend of entry every quarter", "model/processes/demography.py", "** (quarter / 4.0)",
           "** quarter", "entry or quarter"),
    Mutant("unmet demand at the market's rents", "model/processes/land.py", "total * (1.0 - 1.0 / rent)",
           "total * (rent - 1.0)", "unmet or quarter"),
    Mutant("floor in use without its price", "model/processes/land.py", "total / base_total / rent",
           "total / base_total", "T13 or floor or quarter"),
    Mutant("red lines add land", "model/processes/land.py", "land / open_land)", "land * open_land)",
           "premium or quarter"),
    Mutant("entrants' surplus of another quarter", "model/processes/welfare.py",
           "(world.calendar.first + quarter) % 4 == 3", "(world.calendar.first + quarter) % 4 == 0",
           "quarter or welfare"),
    Mutant("accessibility is recorded a quarter ahead", "model/recorder.py", "world.log_access_at(entry - 1)",
           "world.log_access_at(entry)", "access or record"),
    Mutant("relief is booked under value-added tax", "model/public_accounts/money.py",
           'taxes[..., TAXES.index("corporate")] -= relief', 'taxes[..., TAXES.index("vat")] -= relief', "account"),
    Mutant("all of the taxes are shared", "model/public_accounts/sharing.py", "np.maximum(own - own_at_base, 0)",
           "np.maximum(own, 0)", "sharing or transfers"),
    Mutant("of equal reliefs the last counts", "model/public_accounts/rules.py", "np.where(relief > best, p, number)",
           "np.where(relief >= best, p, number)", "account or relief"),
    Mutant("increments are counted from the first quarter", "model/public_accounts/record.py",
           'own[:, 0])', 'own[:, 1])', "account or sharing"),
    Mutant("hosted anchors review", "kernels/choice/choice.py", "(state.anchor[m, i] <= 0))        # hosted",
           "(state.anchor[m, i] <= 9))        # hosted", "anchor or quarter"),
    Mutant("who keeps errors renews them", "kernels/choice/choice.py", "rows.id[t])) >= keep",
           "rows.id[t])) < keep", "quarter or T09"),
    Mutant("arrival is dated a quarter back", "kernels/choice/choice.py", "state.arrived[m, i] = quarter",
           "state.arrived[m, i] = quarter - 1", "quarter or regist"),
    Mutant("movers stay registered where they were", "kernels/firms/registration.py",
           "(state.arrived[m, i] == quarter)", "(state.born[m, i] == quarter)", "regist or quarter"),
    Mutant("a spin-off's errors are its parent's", "kernels/firms/spinoff.py",
           "identity[m, slot] = combine(combine(of_parent, np.uint64(quarter)), np.uint64(0))",
           "identity[m, slot] = identity[m, i]", "spin or quarter"),
    Mutant("a spin-off stays with the parent's neighbour", "kernels/firms/spinoff.py",
           "carry_out(m, slot[n], state.site[m, parent[n]],",
           "carry_out(m, slot[n], max(state.site[m, parent[n]] - 1, 0),",
           "spin or quarter"),
    Mutant("headquarters by revenue alone", "kernels/firms/life.py",
           "above >= 0.0 and (above", "above >= 0.0 or (above", "meets or headquarters or quarter"),
    Mutant("research suffices for a small enterprise", "kernels/firms/life.py", "research * exp(above) >= bars[3]",
           "research >= bars[3]", "headquarters_needs"),
    Mutant("headquarters that leave the region close", "kernels/firms/headquarters.py", "    elif choosing:",
           "    elif not choosing:", "follow or quarter"),
    Mutant("growth of headquarters is booked where they were", "kernels/firms/headquarters.py",
           "flows.growth[m, now] -= 1", "flows.growth[m, before] -= 1", "follow or quarter"),
    Mutant("growth with the opposite sign", "kernels/firms/life.py",
           "grown = log_size[t] + (change", "grown = log_size[t] - (change",
           "T25 or grow or quarter"),
    Mutant("headquarters that grow are newcomers", "kernels/firms/headquarters.py", "if state.born[m, i] < quarter:",
           "if state.born[m, i] < quarter - 1:", "follow or quarter or headquarters"),
    Mutant("criteria that stand still are counted where enterprises are taxed", "kernels/tax_base.py",
           "out.fixed[m, 0, j] += (code >> 2 * FIELD) & MOST", "out.fixed[m, 0, j] += code & MOST",
           "tally or series"),
    Mutant("a quarter of the year's hazard closes as the quarter's", "kernels/firms/closing.py",
           "return u < 0.25 * h - ROUNDING or u < quarterly(h)", "return u < 0.25 * h - ROUNDING", "exits or quarter"),
    Mutant("grants are paid again in the next quarter", "kernels/tax_base.py",
           "if state.legal_since[m, i] == quarter:\n                out.paid",
           "if state.legal_since[m, i] >= quarter - 1:\n                out.paid", "grant or account"),
    Mutant("newcomers are offered what movers are", "kernels/choice/crowd.py",
           "(NEWCOMER if who.legal[t] < 0 else MOVER)", "(MOVER if who.legal[t] < 0 else NEWCOMER)",
           "quarter or newcomer or mover"),
    Mutant("age in quarters raises the cost of a move", "kernels/choice/crowd.py",
           "(quarter - rows.born[t]) * 0.25", "(quarter - rows.born[t]) * 1.0", "quarter or age"),
    Mutant("choosers are read as others in the order of the queue", "kernels/choice/choice.py",
           "queue.first[queue.order[k]] = k", "queue.first[k] = k", "quarter or T09"),
    Mutant("rows are exchanged in the matrix alone", "kernels/numerics/linear.py",
           "_exchange(x, k, pivots[k])", "_exchange(x, k, k)", "elimination"),
    Mutant("the first errors are kept whether one would stay or not", "kernels/choice/initial_errors.py",
           "if not rivals.settled[n] and _stays(rivals.own[n], v[n], draws.error, t):",
           "if not rivals.settled[n]:", "settle or stay or initial or opening"),
    Mutant("one logarithm tells of too many that their errors fail", "kernels/choice/initial_errors.py",
           "1.0 - u + LEAST <= u * lead * scale[b]", "1.0 - u + LEAST <= 2.0 * lead * scale[b]", "opening_errors"),
    Mutant("vectors that were looked at are looked at again", "kernels/choice/initial_errors.py",
           "rivals.first[n] + k", "rivals.first[n]", "opening_errors"),
    Mutant("peers are those of whoever of the kind looked first", "kernels/choice/still_peers.py",
           "if still.site[kind] != site or still.weight[kind] != weight:", "if still.site[kind] == NOWHERE:",
           "test_utilities"),
    Mutant("tastes are taken whatever their weight", "kernels/firms/proposals.py",
           "if chance[d, n] * total[n] < weights[d, n] else", "if chance[d, n] * (d + 1) < 1 else", "proportion"),
    Mutant("who is offered nothing keeps his legal place too easily", "kernels/firms/registration.py",
           "mine, rivals = mine * POSSIBLY, 0", "mine, rivals = 0.5 * mine, 0", "regist or quarter"),
    Mutant("who is offered relief registers as if he were not", "kernels/firms/registration.py",
           "if not is_priced(m, i, state, tables, worthy):", "if True:", "regist or quarter"),
    Mutant("the opening stock dislikes what it has a taste for", "kernels/choice/staying.py",
           "lanes.slope[a, j, t] = _slope(", "lanes.slope[a, j, t] = -_slope(", "staying"),
    Mutant("research makes a small enterprise a headquarters that is followed", "kernels/firms/headquarters.py",
           "state.loading[m, i, RND] * exp(above) >= bars[3]", "state.loading[m, i, RND] >= bars[3]",
           "follow or twin or quarter"),
    # choosers weighed once for a whole search
    Mutant("constants that rise do so on the plain scale", "kernels/base_year/expected_flows.py",
           "room.times[j] = exp(rise[j] * inverse)", "room.times[j] = exp(rise[j])", "test_chooser_lanes"),
    Mutant("the cost of leaving is not felt at one's own site", "kernels/base_year/chooser_lanes.py",
           "lanes.own[b, t] + room.lift[at[t]], of_site", "lanes.own[b, t], of_site", "test_chooser_lanes"),
    Mutant("who pays to leave is left out of the nest's sum", "kernels/base_year/chooser_lanes.py",
           "lane[DOWN, t] + lane[OWN, t] if mine", "lane[DOWN, t] if mine", "test_chooser_lanes"),
    # choices of groups of enterprises that are alike
    Mutant("a race is won before its second is known", "kernels/choice/alike.py", "time * SURELY < race.second[t]",
           "0.5 * time < race.second[t]", "test_alike"),
    Mutant("the second of a race is forgotten when a third one leads", "kernels/choice/alike.py",
           "min(second[t], max(bound, least[t]))", "max(bound, least[t])", "test_alike"),
    Mutant("who leads a race has won it", "kernels/choice/alike.py",
           "at if surely else _best(race.key[t], site_keys, v)", "at", "test_alike"),
    Mutant("odds of the root of what they are", "kernels/choice/alike.py", "exp(min(most - v[j], FAR))",
           "exp(min(0.5 * (most - v[j]), FAR))", "test_alike"),
    Mutant("all who choose are one group", "kernels/choice/alike.py",
           "while end < number and _are_one(m, head, groups.slot[groups.order[end]], state):", "while end < number:",
           "test_alike"),
    Mutant("of a group who keeps errors renews them", "kernels/choice/alike.py",
           "(unit(mix(epoch_key + name)) >= keep)", "(unit(mix(epoch_key + name)) < keep)", "test_alike"),
    Mutant("groups choose from a nested logit", "kernels/choice/alike.py",
           "or not free or (lengths_of(nests) != 1.0).any():", "or not free:", "test_alike"),
    Mutant("groups have tastes of their own", "kernels/choice/alike.py",
           "return bool((loading == loading.flat[0]).all())", "return True", "test_alike"),
    # passes over all enterprises
    Mutant("counts of a code run into each other", "kernels/tax_base.py", "TURN = MOST // LANES * LANES",
           "TURN = 8 * (MOST // LANES) * LANES", "tally"),
    Mutant("the smallest enterprises are spared from closing", "kernels/firms/closing.py",
           "min(cap, _bound(most) * WIDER)", "min(cap, 0.3 * _bound(most) * WIDER)", "exits"),
    Mutant("large parents are spared", "kernels/firms/spinoff.py",
           "(of_half if log_size[i] < half else most)", "of_half", "spin or quarter or parents"),
    Mutant("who belongs to an alliance is of its industry alone", "kernels/firms/life.py",
           "((kind[i] != industry[i]) | (weight[i] != WEIGHT_ONE))", "(weight[i] != WEIGHT_ONE)", "count or quarter"),
    # bounds that settle choices and registrations
    Mutant("tangents lie below the logarithm at some sites", "kernels/choice/tangents.py",
           "log(touch) - 1.0 + offset / touch", "log(touch) - 1.5 + 2.0 * offset / touch", "test_tangents"),
    Mutant("of several who may be best one is taken", "kernels/choice/tangents.py", "if ahead == 1:",
           "if ahead >= 1:", "test_tangents"),
    Mutant("of four terms of peers the last is not in the bounds", "kernels/choice/tangents.py",
           "for n in range(TOGETHER, tangents.number[kind]):\n        _add_term",
           "for n in range(TOGETHER, TOGETHER):\n        _add_term", "test_tangents"),
    Mutant("personal terms beyond the eighth are left out", "kernels/choice/wide.py",
           "for a in range(0, loading.size, TOGETHER):", "for a in range(0, min(loading.size, TOGETHER), TOGETHER):",
           "test_wide"),
    Mutant("legal places beyond the fourth weigh nothing", "kernels/choice/registration_value.py",
           "for k in range(0, number, TOGETHER):", "for k in range(0, min(number, TOGETHER), TOGETHER):",
           "test_legal_places"),
    Mutant("relief of one duration is taken for that of all", "kernels/choice/registration_value.py",
           "if promised[r] != before:", "if before < 0.0:", "test_legal_places"),
    Mutant("awards go to whom nobody recognises", "kernels/choice/registration_value.py",
           "        if recognised(who.log_size[t], who.research[t], awards.bar[p, row], awards.research[p, row]):",
           "        if not recognised(who.log_size[t], who.research[t], awards.bar[p, row], awards.research[p, row]):",
           "recogn or award or quarter"),
    # the base year by site and by kind
    Mutant("entrants of all kinds have the stock's shares", "model/kind_constants.py", "share = targets.entering * mix",
           "share = targets.entering * mix.mean(axis=1, keepdims=True)", "kind_constants"),
    Mutant("kinds' constants shift the sites' own", "model/kind_constants.py",
           "return found - number @ found / number.sum(), float", "return found, float", "kind_constants"),
    Mutant("net moves of a jurisdiction are forgotten", "model/stay_constants.py", "t.drift * t.candidates",
           "0.0 * t.drift", "net_moves"),
    Mutant("new errors solved for twice the moves", "model/stay_constants.py",
           "targets.moves * targets.candidates / moved", "2.0 * targets.moves * targets.candidates / moved",
           "without_costs"),
    Mutant("a move costs age where errors are kept", "model/choice_tables.py", "log_size=none, age=none",
           "log_size=none, age=p.age", "without_costs or errors_kept"),
    Mutant("arrivals follow the square of the stock", "model/processes/demography.py", ") ** zeta", ") ** (2.0 * zeta)",
           "entry_elasticity"),
    Mutant("a site at its elastic rent is at capacity", "model/processes/land.py", "at_capacity = rent > clear(",
           "at_capacity = rent >= clear(", "test_quarter"),
]


# -- running ----------------------------------------------------------------------------------------

def killer(mutant):
    """The first test that fails on a copy with the mutant, "" if none does."""
    package = _copied(mutant)
    try:
        return _first_failure(["-k", mutant.near]) or _first_failure([])
    finally:
        shutil.rmtree(package)


def seen_by_verify(mutant, killed_by):
    """Whether `sim verify` ends with an error on a copy with the mutant; a theorem that killed it is one of its own."""
    if killed_by.startswith(THEOREMS):
        return True
    package = _copied(mutant)
    command = [sys.executable, "-c", "from sim.cli import main; main()", "verify", "--quiet"]
    try:
        done = subprocess.run(command, cwd=package, env=_environment(), capture_output=True, timeout=LIMIT)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.rmtree(package)


def _copied(mutant=None):
    """A copy of the package, always at the same place, or compiled code would be known under another name."""
    package = WORK / "copy"
    shutil.rmtree(package, ignore_errors=True)
    for name in ("sim", "tests", "scenarios"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", package)
    if mutant is None:
        return package
    plain = _compiled_folder()
    mutate(package / "sim" / mutant.file, mutant)
    if mutant.file.startswith("kernels/"):
        _reuse(plain, _compiled_folder(), pathlib.Path(mutant.file).stem)
    return package


def _compiled_folder():
    """Where the copy keeps its compiled kernels: a name made of their sources."""
    code = "from sim.kernels.numerics.compiler import FOLDER; print(FOLDER)"
    done = subprocess.run([sys.executable, "-c", code], cwd=WORK / "copy", env=_environment(), text=True,
                          capture_output=True, check=True)
    return pathlib.Path(done.stdout.strip())


def _reuse(plain, own, changed):
    """Take over what is compiled, but for the kernels of the changed file and of files that import from it."""
    stale, before = {changed}, set()
    files = {path.stem: path.read_text("utf-8") for path in (ROOT / "sim" / "kernels").rglob("*.py")}
    while stale != before:
        before = set(stale)
        stale |= {name for name, text in files.items()
                  if any(re.search(rf"from sim\.kernels[\w.]*(?:\.{other} import| import .*\b{other}\b)", text)
                         for other in before)}
    if plain.exists():
        shutil.copytree(plain, own, dirs_exist_ok=True, ignore=lambda _, names: [
            name for name in names if name.split(".")[0] in stale])


def _environment():
    return {**os.environ, "PYTHONPATH": str(WORK / "copy"), "NUMBA_CACHE_DIR": str(WORK / "compiled")}


def mutate(path, mutant):
    """Replace the one right place; ValueError where there is not exactly one."""
    text = path.read_text("utf-8")
    if text.count(mutant.right) != 1:
        raise ValueError(f"{mutant.name}: {text.count(mutant.right)} places in {mutant.file}")
    path.write_text(text.replace(mutant.right, mutant.wrong), "utf-8")


def _first_failure(chosen):
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--no-header", "-p", "no:cacheprovider",
               "--tb=no", *chosen, *QUICK]
    try:
        done = subprocess.run(command, cwd=WORK / "copy", env=_environment(), capture_output=True, text=True,
                              timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "out of time"
    if done.returncode < 0:                   # an index out of bounds may end the interpreter itself
        return f"crash, {signal.Signals(-done.returncode).name}"
    failed = re.search(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if failed is None and done.returncode not in (0, 5):
        raise RuntimeError(done.stdout + done.stderr)
    return failed[1].removeprefix("tests/") if failed else ""


# -- what is known and what is written ----------------------------------------------------------------

def _warm():
    """Compile the kernels of the unchanged copy, whose tests must pass."""
    _copied()
    failure = _first_failure(["-k", WARM])
    if failure:
        raise RuntimeError(f"fails without any mutant: {failure}")


def key_of(mutant):
    """What a result belongs to: the mutant and its file as it is."""
    return hashlib.sha256(repr(mutant).encode() + (ROOT / "sim" / mutant.file).read_bytes()).hexdigest()


def markdown(found):
    """Mutants, their killers, "" for a survivor and None for one not run, and whether `sim verify` sees them."""
    lines = ["| what is wrong | where | instead of | stands | verdict | killed by | `sim verify` |",
             "| --- " * 7 + "|"]
    for mutant, test, seen in found:
        cells = [mutant.name, f"`sim/{mutant.file}`", f"`{_line(mutant.right)}`", f"`{_line(mutant.wrong)}`",
                 "killed" if test else "**survives**" if test == "" else "not run", f"`{test}`" if test else "–",
                 {True: "sees it", False: "no", None: "not asked"}[seen]]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    tests = [test for _, test, _ in found]
    killed, ran = sum(map(bool, tests)), len(tests) - tests.count(None)
    theorems = sum(test.startswith(THEOREMS) for test in tests if test)
    others = [sees for _, test, sees in found if test is not None and not test.startswith(THEOREMS)]
    head = (f"{killed} of {ran} mutants that were run are killed; {len(tests) - ran} not run. {theorems} fall to a "
            f"theorem of `sim verify`; of the others it was asked about {len(others) - others.count(None)} "
            f"and sees {others.count(True)}.")
    return head + "\n\n" + "\n".join(lines) + "\n"


def _line(text):
    return " ".join(text.split())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", default="", help="mutants whose name holds this")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("outputs/mutants.json"))
    parser.add_argument("--page", type=pathlib.Path, help="page to write the list into")
    parser.add_argument("--verify", action="store_true", help="ask `sim verify` as well")
    parser.add_argument("--write-only", action="store_true", help="run nothing, write what is known")
    asked = parser.parse_args()
    known = json.loads(asked.results.read_text("utf-8")) if asked.results.exists() else {}
    wanted = [] if asked.write_only else [each for each in MUTANTS if asked.only in each.name]
    if wanted:
        _warm()
    for mutant in wanted:
        if known.get(mutant.name, {}).get("key") != key_of(mutant):
            known[mutant.name] = {"key": key_of(mutant), "killer": killer(mutant)}
        result = known[mutant.name]
        if asked.verify and "verify" not in result:
            result["verify"] = seen_by_verify(mutant, result["killer"])
        asked.results.parent.mkdir(parents=True, exist_ok=True)
        asked.results.write_text(json.dumps(known, indent=1), "utf-8")
        asked_of = {True: "sees it", False: "does not see it", None: "not asked"}[result.get("verify")]
        print(f"{mutant.name}: {result['killer'] or 'SURVIVES'}; sim verify: {asked_of}", flush=True)
    found = [(mutant, *_verdict(mutant, known)) for mutant in MUTANTS]
    if asked.page:
        page = asked.page.read_text("utf-8")
        asked.page.write_text(BLOCK.sub(lambda old: old[1] + markdown(found) + old[2], page), "utf-8")
    return 0 if all(test != "" for _, test, _ in found) else 1


def _verdict(mutant, known):
    """The killer of a mutant as it is, and whether `sim verify` sees it; None where it is not known."""
    result = known.get(mutant.name, {})
    if result.get("key") != key_of(mutant):
        return None, None
    test = result["killer"]
    return test, test.startswith(THEOREMS) or result.get("verify")


if __name__ == "__main__":
    sys.exit(main())
