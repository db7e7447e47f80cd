"""A tax holiday is worth its length: in the chances of its places, to who is there, and to the public accounts."""

import math

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.kernels import arrays
from sim.model import choice_tables, expected_stay
from sim.policies import registry
from sim.policies.tax_rate import offered, tax_rate
from sim.scenario.load import load
from sim.verification import laboratory
from tests.policies.test_signs_policies import HERE, enacted, reaction
from tests.samples import runs

FTZ_TAX = str(runs.ROOT / "scenarios/ftz-tax.toml")
TAX = {"beta": 0.028, "discount_rate": 0.08}


def test_a_longer_holiday_draws_more_and_one_without_an_end_most():
    changes = [reaction("tax_rate", **keys)[0] for keys in ({"years": 1.0}, {"years": 5.0}, {"years": 15.0},
                                                           {"permanent": True})]
    for shorter, longer in zip(changes, changes[1:]):
        assert (longer >= shorter).all()
        assert (longer > shorter).any()


@pytest.mark.parametrize(("years", "share"), [(1, 0.11), (5, 0.43), (15, 0.82)])
def test_the_share_of_a_lasting_cut_that_a_holiday_is_worth(years, share):
    """1 - (0.965 / 1.08)^n."""
    made = laboratory.world([0, 0], [0, 0], {
        "terms": {"tax": TAX}, "moving": {"rate": 0.0}, "exit": {"hazard_by_age": [0.035], "headquarters_factor": 1.0}})
    stay = expected_stay.table(made.world)[0, :1]
    found = expected_stay.covered(stay, np.array([3.0]), np.array([[float(years)]]))[0, 0]
    assert found == pytest.approx(1 - (0.965 / 1.08) ** years, abs=1e-12)
    assert round(found, 2) == share


def test_the_end_of_a_holiday_drives_nobody_away_at_once():
    """Enterprises that never draw new errors go one by one as less of it is left, not all when it is over."""
    left = departures(years=5.0)
    assert left.sum() > 50
    assert left[20] <= left[:20].sum() / 5
    assert departures(permanent=True).sum() == 0


def departures(**keys):
    """(quarter,) who leaves a site with a holiday that all its enterprises began in the first quarter."""
    given = {"terms": {"tax": {"beta": 0.2, "discount_rate": 0.08}}, "registration": {"substance": 1.0}}
    made = laboratory.world([0, 0], [0.0, 0.0], given, laboratory.years(24), laboratory.people(600),
                            policies=[laboratory.policy(tax_rate, rate=15.0, sites=["site-0"], **keys)])
    state = made.economy.state
    new = {"site": arrays.CANDIDATE, "legal": arrays.EMPTY, "hightech": 0, "born": 0}
    for name, value in new.items():
        getattr(state, name)[:] = value
    same_errors = made.fixed._replace(rules=made.fixed.rules._replace(keep=np.ones(1)))
    infos, _ = laboratory.run(made._replace(fixed=same_errors), 24)
    return np.array([info.events.flows[0, :, 0, 1].sum() for info in infos])


def test_who_was_there_before_has_the_years_from_the_start_and_then_nothing():
    _, having = enacted("tax_rate", years=1.0, incumbents=True)
    offered = [levers_at(having, quarter) for quarter in (0, 3, 4)]
    settled = having.world.status_of_class == arrays.SETTLED
    assert [levers.benefit_quarters[:, settled, HERE].max() for levers in offered] == [4.0, 1.0, 0.0]
    assert offered[1].tax_relief[:, settled, HERE].any() and not offered[2].tax_relief[:, settled, HERE].any()
    assert offered[2].benefit_quarters[:, ~settled, HERE].max() == 4.0
    relieves = registry.get("tax_rate").relieves
    ordinary = settled & (having.world.hightech_of_class == 0)
    assert [bool(relieves(policy, having.world)[:, ordinary].any())
            for quarter in (3, 4) for policy in having.world.dated(quarter)] == [True, False]


def levers_at(made, quarter):
    return choice_tables.levers_at(made.world, quarter, made.fixed.constant, np.ones((1, made.world.sites)))


def test_a_lasting_rate_has_no_end():
    _, having = enacted("tax_rate", permanent=True, incumbents=True)
    assert all(math.isinf(offered(policy, having.world)[1].min()) for policy in having.world.dated(7))


@pytest.mark.parametrize(("setting", "said"), [
    ("policies.ftz.tax.years=0", "a number in (0, 100]"), ("policies.ftz.tax.years=1000000", "a number in (0, 100]"),
    ("terms.tax.discount_rate=-1", "a number in [0, 1]")])
def test_a_length_or_a_rate_that_cannot_be_is_told_in_one_sentence(setting, said):
    with pytest.raises(InputError, match="expected") as caught:
        load(FTZ_TAX, [setting])
    assert len(caught.value.problems) == 1 and said in str(caught.value)
