"""The two sums of public accounts that sweeps keep are those of the tables of a comparison."""

import numpy as np
import pytest

from sim.experiments.compare import fiscal
from sim.experiments.compare.public_accounts import accounts_of
from sim.experiments.compare.run_levels import change_of_account
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.simulate import simulate
from sim.results import account_axes, account_scalars, from_outcomes
from sim.scenario.load import load
from tests.samples.runs import ROOT

SETTINGS = ["time.end=2029-12-31", "population.candidates=1500", "diagnostics.members=0"]


@pytest.fixture(scope="module")
def runs():
    """(scalars, accounts) of the baseline and of a package that gives relief, grants and spending, two replicates."""
    found = []
    for name in ("baseline", "full-package"):
        scenario = load(str(ROOT / f"scenarios/{name}.toml"), SETTINGS)
        region = region_of(scenario)
        outcome = simulate(region, members_of(scenario, range(2)))
        relief = account_axes.relief([scenario.instruments[policy] for policy in scenario.values.policies])
        found.append((account_scalars.of_arrays(outcome.arrays, region, relief),
                      accounts_of(from_outcomes.dataset(region, scenario, [outcome], range(2))), region))
    return found


def test_the_public_cost_is_that_of_the_table_of_costs(runs):
    (before, theirs, _), (after, ours, _) = runs
    assert after["public_cost"] - before["public_cost"] == pytest.approx(change_of_account(ours, theirs, "cost"))
    assert (after["public_cost"] > 0).all()


def test_the_balance_is_that_of_the_zones_jurisdictions_after_sharing(runs):
    for scalars, accounts, region in runs:
        zone = [k for k, name in enumerate(region.jurisdictions.index)
                if (region.sites["in_zone"].astype(bool) & (region.sites["jurisdiction"] == name)).any()]
        levels = {name: np.asarray(values) for name, values in accounts.items()}
        assert scalars["balance_in_zone"] == pytest.approx(fiscal.accounts(levels)["after"][:, zone].sum(axis=1))
