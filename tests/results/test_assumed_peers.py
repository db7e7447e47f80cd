"""What was assumed: the direct effect of every policy, through what, and for whom."""

import pathlib

import numpy as np
import pytest

from sim.config.toml_file import parse
from sim.model.preflight.validation import region_of
from sim.results import direct_effects
from sim.scenario.load import build, load

SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"
SMALL = ["population.candidates=1500", "run.replicates=1"]


def effects(name):
    scenario = load(SCENARIOS / f"{name}.toml", SMALL)
    return direct_effects.effects(region_of(scenario), scenario)


@pytest.mark.parametrize(("scenario", "policy", "sign"), [
    ("tod", "tod", 1), ("red-line", "closed", -1), ("red-line", "nature", 1), ("services-talent", "talent", 1),
    ("service-systems", "finance", 1)])
def test_what_acts_on_sites_has_its_direct_effect_on_everybody(scenario, policy, sign):
    table = effects(scenario)
    rows = table[table["policy"] == policy]
    assert (rows["channel"] == "site utility").all() and (rows["applies_to"] == "all").all()
    assert len(rows) == 2 * 9 * 4 * 2
    assert (np.sign(rows["dv"]) == sign).all()


def test_anchors_and_alliances_act_through_peers_at_initial_counts():
    table = effects("alliances")
    peers = table[table["instrument"].isin(["anchor", "alliance"])]
    assert (peers["channel"] == "peers at initial counts").all()
    assert set(peers["policy"]) == {"huawei", "alibaba", "netease", "chips", "vehicles", "culture",
                                    "netease_hangzhou", "alibaba_hangzhou"}
    assert (peers["dv"] > 0).all()


def test_an_anchor_is_worth_most_to_its_industry_and_more_to_its_partners():
    table = effects("alliances")
    huawei = table[table["policy"] == "huawei"].groupby(["applies_to", "industry"])["dv"].mean().unstack()
    strangers, partners = huawei.loc["enterprises in none of its alliances"], huawei.loc["members of chips"]
    assert strangers.idxmax() == "integrated_circuits" and (partners > strangers + 0.05).all()


ALONE = """[policies.head]
instrument = "anchor"
industry = "software"
employees = 100
sites = "nj_jiangbei"
start = 2030-01-01
weight = {weight}
[population]
candidates = 1500
[terms]
localisation.gamma = 0.5
coagglomeration.gamma = 0.0
headquarters.gamma = 0.0
[peers]
decay = 0.0
"""


def test_an_anchors_effect_is_that_of_its_weight_on_top_of_the_opening_peers():
    """gL ln((1 + n + omega) / (1 + n)), for some whole n, the same n at both weights; nothing for other industries."""
    gains = {}
    for weight in (8.0, 16.0):
        scenario = build(parse(ALONE.format(weight=weight), "x.toml"))
        table = direct_effects.effects(region_of(scenario), scenario)
        assert (table["dv"][table["industry"] != "software"] == 0).all()
        (gains[weight],) = set(table["dv"][table["industry"] == "software"].round(12))
    peers = [weight / (np.exp(gain / 0.5) - 1) - 1 for weight, gain in gains.items()]
    np.testing.assert_allclose(peers[0], peers[1], rtol=1e-6)
    assert peers[0] > 0 and abs(peers[0] - round(peers[0])) < 1e-6


def test_an_alliance_that_nobody_hears_of_within_the_run_brings_nobody_anything():
    text = """[policies.club]\ninstrument = "alliance"\nindustries = ["software"]\nshare = 0.3\nstart = 2030-01-01
        [time]\nend = 2022-12-31\n[population]\ncandidates = 1500\n"""
    scenario = build(parse(text, "x.toml"))
    table = direct_effects.effects(region_of(scenario), scenario)
    assert len(table) > 0 and (table["dv"] == 0).all()
