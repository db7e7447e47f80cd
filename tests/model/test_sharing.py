"""Sharing moves money and no tax (T36); the ledger before and after it adds up."""

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.model.public_accounts import LEVELS
from sim.policies import fiscal_sharing
from sim.results import public_accounts, run_folder, summary
from tests.oracles import naive_accounts
from tests.samples import runs, worlds
from tests.samples.public_accounts import POLICIES, QUARTERS, START, THETA, accounts, column

# -- sharing -----------------------------------------------------------------------------------------

def own_taxes(arrays):
    return arrays["taxes"][..., column(LEVELS, "local")].sum(axis=-1)


def test_transfers_agree_with_their_twin(story):
    """Public accounts are no part of the quarter's twin."""
    made, arrays, _, _ = story
    theta = fiscal_sharing.theta(SimpleNamespace(matrix=THETA), list(made.world.region.jurisdictions.index))
    members = set(made.world.region.sites["jurisdiction"].iloc[:3])
    fund = [0.25 * (name in members) for name in made.world.region.jurisdictions.index]
    for m in range(2):
        total = np.zeros((3, 4, 4), int)
        for quarter in range(QUARTERS):
            shares = theta if 1 <= quarter < 7 else np.eye(3)
            taxes = own_taxes(arrays)[m]
            given = naive_accounts.transfers(taxes[quarter + 1], taxes[0], shares, fund)
            total[quarter // 4] += np.array(given)
        assert (arrays["transfers"][m] == total).all()
        assert (total.sum(axis=0)[:3, 3] > 0).any()


def test_t36_transfers_sum_to_nothing(story):
    _, arrays, _, _ = story
    given = arrays["transfers"]
    net = given.sum(axis=2) - given.sum(axis=3)
    assert (net.sum(axis=2) == 0).all()
    assert (net != 0).any()
    assert (given >= 0).all()
    assert (np.diagonal(given, axis1=2, axis2=3) == 0).all()


@pytest.mark.parametrize("theta", [
    {"district-2": {"district-0": 1.0}},
    {"district-0": {"district-1": 0.5, "district-2": 0.5}}], ids=["one", "two"])
def test_t36_taxes_do_not_depend_on_theta(story, theta):
    others = [*POLICIES[:-1], worlds.policy("fiscal_sharing", matrix=theta, start=worlds.date(2021, 4))]
    _, arrays, _, infos = accounts(others)
    for name in ("taxes", "tax_base", "registered", "recognised"):
        assert (arrays[name] == story[1][name]).all()
    assert (arrays["cost"].sum(axis=2) == story[1]["cost"].sum(axis=2)).all()
    assert (arrays["transfers"] != story[1]["transfers"]).any()
    assert all((a.enterprises == b.enterprises).all() for a, b in zip(infos, story[3]))


def test_who_keeps_everything_gives_nothing():
    keep = {f"district-{k}": {f"district-{k}": 1.0} for k in range(3)}
    _, arrays, _, _ = accounts([worlds.policy("fiscal_sharing", matrix=keep, **START)], members=1)
    assert not arrays["transfers"].any()


# -- ledger.csv --------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    text = runs.SCENARIO.replace("replicates = 7", "replicates = 3") + """
[policies.sharing]
instrument = "fiscal_sharing"
start = 2021-01-01
[policies.sharing.matrix]
district-0 = {district-0 = 0.6, district-1 = 0.4}
[policies.fund]
instrument = "joint_fund"
share = 0.2
sites = "all"
start = 2021-01-01
"""
    path = runs.write_scenario(folder, text)
    runs.finish(runs.job(path, folder / "out"))
    data = run_folder.load(folder / "out")
    return data, pd.read_csv(io.BytesIO((folder / "out/ledger.csv").read_bytes()))


def test_the_ledger_before_and_after_sharing(table):
    data, frame = table
    local = frame[frame["level"] == "local"].pivot(index=["year", "authority"], columns="item", values="mean")
    for parts, whole in (("vat + corporate + personal", "taxes"), ("taxes - cost", "before"),
                         ("before + received - given", "after"), ("after - before", "gain")):
        np.testing.assert_allclose(local.eval(parts), local[whole], atol=1e-6)
    gain, fund = local["gain"].groupby("year").sum(), frame[frame["level"] == "fund"].pivot(
        index="year", columns="item", values="mean")
    np.testing.assert_allclose(gain + fund["received"], 0.0, atol=1e-6)
    assert fund.loc["all", "received"] > 0


def test_who_gives_and_gets_nothing_back_is_worse_off(table):
    _, frame = table
    worse = frame[(frame["item"] == "worse_off") & (frame["year"] == "all")].set_index("authority")["mean"]
    gain = frame[(frame["item"] == "gain") & (frame["year"] == "all")].set_index("authority")["mean"]
    assert worse["district-0"] == 1.0
    assert (worse[gain > 0] < 1.0).all()


def test_the_ledger_is_bilingual_and_inert(table):
    data, frame = table
    assert not frame[["item_zh", "level_zh", "authority_zh"]].isna().any(axis=None)
    for name in ("taxes", "cost", "transfers", "tax_base", "registered", "registered_elsewhere", "recognised"):
        assert data[name].attrs["long_name_zh"]
        assert data[name].attrs["units"]
    assert summary.csv_of(public_accounts.table(data)).startswith(b"\xef\xbb\xbfyear,level,level_zh,authority")
