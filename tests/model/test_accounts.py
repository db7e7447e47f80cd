"""Public accounts: every sum of money is exact, in every quarter of every member."""

import numpy as np
import pytest

from sim.kernels import tax_base
from sim.kernels.arrays import EMPLOYEE
from sim.kernels.tax_base import tally
from sim.model.processes import land
from sim.model.public_accounts import BASES, LEVELS, PAYERS, TAXES
from sim.model.public_accounts.record import empty_tally
from sim.model.public_accounts.rules import rules
from tests.oracles import naive_accounts
from tests.samples import worlds
from tests.samples.public_accounts import NAMES, POLICIES, QUARTERS, START, accounts, column

LOWER = np.array([[0.3, -0.2], [0.6, 0.1]])       # of the bar by (series, member)


# -- the tally ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("entry", [0, 3, QUARTERS])
def test_the_tally_agrees_with_its_twin(story, entry):
    """Public accounts are no part of the quarter's twin."""
    made, _, states, _ = story
    found, twin = empty_tally(made.world), empty_tally(made.world)
    given = entry - 1, states[entry], made.fixed.criteria, LOWER, rules(made.world, entry - 1)
    tally(*given, found)
    naive_accounts.tally(*given, twin)
    for name, a, b in zip(found._fields, found, twin):
        if name in ("employees", "relieved"):
            assert (abs(a - b) <= 3).all()                  # the rounding of exp, by enterprise
        else:
            assert (a == b).all(), name


def test_a_tally_of_more_than_its_fields_hold_is_the_sum_of_its_parts(story):
    made, _, states, _ = story
    times = 6 * tax_base.MOST // states[3].site.shape[1]                       # of each site WAYS sums are held
    at_one = states[3]._replace(site=np.minimum(states[3].site, 0), legal=np.zeros_like(states[3].legal))
    many = at_one._replace(**{name: np.concatenate([getattr(at_one, name)] * times, axis=1)
                              for name in tax_base.Registered._fields})
    found, few = empty_tally(made.world), empty_tally(made.world)
    given = made.fixed.criteria, LOWER, rules(made.world, 2)
    tally(2, many, *given, found)
    tally(2, at_one, *given, few)
    assert found.registered.max() > tax_base.WAYS * tax_base.MOST
    assert all((ours == times * once).all() for ours, once in zip(found, few))


def test_every_part_of_the_tally_has_somebody(story):
    made, _, states, _ = story
    found = empty_tally(made.world)
    tally(2, states[3], made.fixed.criteria, LOWER, rules(made.world, 2), found)
    assert all(array.any() for array in found)


def test_everybody_is_registered_once(story):
    made, arrays, states, infos = story
    for entry, info in enumerate(infos, 1):
        assert (arrays["registered"][:, entry].sum(axis=1) == info.enterprises.sum(axis=(1, 2, 3))).all()
        assert (arrays["registered_headquarters"][:, entry].sum(axis=1)
                == info.headquarters.sum(axis=(1, 2, 3))).all()
        assert (arrays["registered_elsewhere"][:, entry] <= info.enterprises.sum(axis=(2, 3))).all()


# -- whom money and relief are for --------------------------------------------------------------------

def test_a_policy_that_nobody_knows_of_moves_nobody_and_counts_whom_it_would_have_been_for(story):
    """States are those of the world without it, bit for bit; without a policy, nobody is eligible for it."""
    paying = [number for number, (_, kind, _) in enumerate(POLICIES) if kind in ("tax_rate", "grant", "recognition")]
    hidden = [(name, kind, section.model_copy(update={"perceived": False}) if number in paying else section)
              for number, (name, kind, section) in enumerate(POLICIES)]
    there = accounts([each for number, each in enumerate(POLICIES) if number not in paying])
    here = accounts(hidden)
    for name in here[2][-1]._fields:
        assert (getattr(here[2][-1], name) == getattr(there[2][-1], name)).all(), name
    eligible, known = here[1]["eligible"].sum(axis=(1, 3)), story[1]["eligible"].sum(axis=(1, 3))
    assert (eligible[:, paying] > 0).all() and (known[:, paying] > 0).all()
    others = [number for number in range(len(POLICIES)) if number not in paying]
    assert not known[:, others].any()


def test_those_who_are_paid_are_those_who_are_eligible(story):
    made, arrays, _, _ = story
    for name, amount in (("grant", 2.5), ("recognition", 4.0)):
        number = column(NAMES, name)
        paid = arrays["cost"][:, :, number].sum(axis=3)
        assert (paid == np.rint(arrays["eligible"][:, :, number] * amount * 1e6)).all()


# -- taxes -------------------------------------------------------------------------------------------

def relief_of(arrays):
    """(member, entry, authority) what is levied at statutory rates, less the corporate tax that is paid."""
    base = {name: arrays["tax_base"][..., k] for k, name in enumerate(BASES)}
    levied = np.rint(0.25 * base["profit"]) + np.rint(0.15 * base["profit_high_tech"])
    return levied - arrays["taxes"][..., column(TAXES, "corporate"), :].sum(axis=-1)


def test_taxes_are_rate_times_base_to_the_last_rmb(story):
    _, arrays, _, _ = story
    for tax, base, rate in (("vat", "value_added", 0.06), ("personal", "wages", 0.05)):
        levied = np.rint(rate * arrays["tax_base"][..., column(BASES, base)])
        assert (arrays["taxes"][..., column(TAXES, tax), :].sum(axis=-1) == levied).all()
    assert (relief_of(arrays) >= 0).all()
    assert (relief_of(arrays)[:, 0] >= 0).all()


def test_bases_are_those_of_the_enterprises_registered_there(story):
    made, arrays, states, _ = story
    jurisdiction = made.world.region.jurisdictions.index.get_indexer(made.world.region.sites["jurisdiction"])
    for m in range(2):
        here = states[4].site[m] >= 0
        size = np.exp(states[4].log_size[m][here])
        found = np.bincount(jurisdiction[states[4].legal[m][here]], weights=size, minlength=3)
        np.testing.assert_allclose(arrays["tax_base"][m, 4, :, column(BASES, "value_added")],
                                   found * 1.5e6 * 0.3 / 4, rtol=1e-5)
        np.testing.assert_allclose(arrays["tax_base"][m, 4, :, column(BASES, "wages")], found * 0.12e6 / 4,
                                   rtol=1e-5)


def test_levels_add_up_and_are_the_statutory_shares(story):
    _, arrays, _, _ = story
    taxes = arrays["taxes"].astype(float)
    total = taxes.sum(axis=-1)
    for tax, share in (("vat", 0.5), ("corporate", 0.6), ("personal", 0.6)):
        k = column(TAXES, tax)
        assert (taxes[..., k, column(LEVELS, "central")] == np.rint(share * total[..., k])).all()
        rest = total[..., k] - taxes[..., k, column(LEVELS, "central")]
        assert (taxes[..., k, column(LEVELS, "province")] == np.rint(0.4 * rest)).all()
    assert (taxes > 0).all()


def test_relief_is_counted_once_and_paid_for_by_those_who_forgo_it(story):
    made, arrays, states, _ = story
    forgone = arrays["cost"][:, :, [column(NAMES, "low"), column(NAMES, "lower")]].sum(axis=(2, 4))
    by_year = np.stack([relief_of(arrays)[:, 1 + 4 * y:5 + 4 * y].sum(axis=1) for y in range(3)], axis=1)
    assert (forgone == by_year).all()
    assert (forgone > 0).any()
    assert (arrays["cost"][:, :2, column(NAMES, "lower")].sum(axis=(2, 3)) > 0)[:, 0].all()
    assert (arrays["cost"][:, 1:, column(NAMES, "lower")] == 0).all()          # withdrawn after a year
    shares = arrays["cost"][:, :, column(NAMES, "low")].sum(axis=(0, 1, 2))
    np.testing.assert_allclose(shares[:3] / shares.sum(), [0.6, 0.16, 0.24], atol=1e-6)


def test_relief_of_single_enterprises_adds_up_to_that_of_the_policy(story):
    """The lower of two rates applies; high-tech enterprises pay 15 % anyway."""
    made, arrays, states, _ = story
    m, entry, state = 0, 2, states[2]
    total = 0.0
    for i in np.flatnonzero(state.site[m] >= 0):
        statutory = 15.0 if state.hightech[m, i] else 25.0
        profit = np.exp(state.log_size[m, i]) * 0.12e6 / 4
        if state.legal[m, i] == 3:                          # "lower" is for everybody, for a year
            total += (statutory - 5.0) / 100 * profit
        elif state.legal[m, i] == 1 and state.status[m, i] in (2, 3):
            total += (statutory - 10.0) / 100 * profit
    np.testing.assert_allclose(relief_of(arrays)[m, entry].sum(), total, rtol=1e-5)


# -- cost --------------------------------------------------------------------------------------------

def cost_of(arrays, name):
    """(member, year, authority, payer)"""
    return arrays["cost"][:, :, column(NAMES, name)]


def test_grants_cost_their_amount_for_everybody_eligible_who_registers(story):
    made, arrays, states, _ = story
    number = np.zeros((2, 3), int)
    for entry in range(1, QUARTERS + 1):
        state = states[entry]
        new = ((state.site >= 0) & (state.legal_since == entry - 1) & (state.hq_type == 2)
               & np.isin(state.legal, [0, 4]))
        number[:, (entry - 1) // 4] += new.sum(axis=1)
    assert (number.sum(axis=1) > 3).all()
    assert (cost_of(arrays, "grant").sum(axis=2)[..., column(PAYERS, "province")] == 2_500_000 * number).all()
    assert (np.delete(cost_of(arrays, "grant"), column(PAYERS, "province"), axis=3) == 0).all()


def test_only_recognised_headquarters_draw_the_grant_of_recognition(story):
    made, arrays, states, _ = story
    number, enough = np.zeros(2, int), {2: 40.0, 3: 20.0}       # employees that the revenue asks for
    for entry in range(1, QUARTERS + 1):
        state = states[entry]
        bar = np.select([state.hq_type == k for k in enough], list(enough.values()), np.inf)
        meets = (state.site >= 0) & (state.legal == 2) & (np.exp(state.log_size) >= bar)
        assert (arrays["recognised"][:, entry, 2] == meets.sum(axis=1)).all()
        number += (meets & (state.legal_since == entry - 1)).sum(axis=1)
    assert (number > 0).all()
    assert (cost_of(arrays, "recognition").sum(axis=(1, 2, 3)) == 4_000_000 * number).all()
    assert (np.delete(arrays["recognised"], 2, axis=2) == 0).all()


def test_services_cost_by_year_site_and_size_as_long_as_they_last(story):
    _, arrays, _, _ = story
    spent = cost_of(arrays, "services")
    two_sites = 2 * 8_000_000 * 0.5                             # a year, for half a point
    assert (spent.sum(axis=(2, 3)) == two_sites * np.array([0.5, 0.5, 0.0])).all()
    assert (np.delete(spent, column(PAYERS, "fund"), axis=3) == 0).all()


def test_land_is_paid_once_for_the_floor_it_adds(story):
    made, arrays, _, _ = story
    spent = np.rint(3.0e6 * 0.2 * made.fixed.base_spending[:, 6])
    assert (cost_of(arrays, "land_capacity").sum(axis=(2, 3)) == spent[:, None] * [1, 0, 0]).all()


@pytest.mark.parametrize(("instrument", "keys", "units"), [
    ("regime_exposure", {"exposure": "ftz", "level": 0.5, "cost": 4.0}, 2 * 2.0),
    ("talent", {"change": 0.1, "cost": 30.0}, 2 * 3.0), ("ecology", {"change": 0.2, "cost": 10.0}, 2 * 2.0),
    ("alliance", {"industries": ["industry-0"], "share": 0.2, "cost": 6.0}, 6.0),
    ("alliance", {"industries": ["industry-0"], "share": 0.0, "cost": 6.0}, 0.0),
    ("anchor", {"industry": "industry-0", "employees": 50.0, "cost": 7.0, "chooses": True}, 7.0)])
def test_what_instruments_cost_in_their_first_year(instrument, keys, units):
    policy = worlds.policy(instrument, sites=["site-1", "site-2"], **START, **keys)
    _, arrays, _, _ = accounts([policy], members=1)
    assert arrays["cost"][0, 0].sum() == units * 10**6


def test_a_line_costs_by_its_length():
    stops = ["site-1", "site-4"]
    policy = worlds.policy("transit_link", line="x", stops=stops, speed=40.0, cost=100.0, **START)
    made, arrays, _, _ = accounts([policy], members=1)
    km = made.world.distance[1, 4]
    assert abs(arrays["cost"].sum() - 1e8 * km) <= 8
    assert arrays["cost"][0, 1:].sum() == 0


# -- the floor market, in money ----------------------------------------------------------------------

def test_spending_is_rent_times_floor_in_every_quarter(story):
    made, _, _, infos = story
    for before, info in zip([made.economy.employees, *(info.employees for info in infos)], infos):
        spent = made.fixed.background + land.spending(made.world, before)
        np.testing.assert_allclose(info.rent * info.floor * made.fixed.base_spending, spent, rtol=1e-12)
        np.testing.assert_allclose(land.spending(made.world, before).sum(),
                                   0.1 * 0.15 * before.sum() / EMPLOYEE, rtol=1e-12)


# -- company -----------------------------------------------------------------------------------------

def test_a_member_keeps_the_same_accounts_alone(story):
    _, alone, _, _ = accounts(POLICIES, members=[1])
    for name, array in alone.items():
        assert (array[0] == story[1][name][1]).all(), name
