"""Members of an ensemble share what the engine reads once, and are told so if they do not."""

import datetime

import pytest

from sim.base.errors import InputError
from sim.model import assemble, ensemble
from sim.model.ensemble import Member
from tests.samples import worlds

TINY = {"time": {"end": datetime.date(2021, 3, 31)}, "population": {"candidates": 400}}
MINE = worlds.region([0, 0, 1])


def members(*overrides, policies=None):
    policies = policies or [()] * len(overrides)
    return [Member(worlds.values(TINY, own), tuple(p), 0) for own, p in zip(overrides, policies)]


@pytest.mark.parametrize("key, one, other", [
    ("population.candidates", 400, 500), ("time.end", worlds.date(2021, 2), worlds.date(2021, 12)),
    ("choice.outside", True, False), ("switches.churn", True, False), ("switches.statuses", True, False),
    ("switches.revision", "sequential", "one"), ("land.rents", "clearing", "frozen"),
    ("peers.counts", "live", "frozen"), ("peers.form", "log", "linear"), ("moving.cost", "solve", 3.0),
    ("exit.hazard_by_age", [0.1], [0.2]), ("population.type_shares", {"growth": 1.0}, {"regional": 1.0}),
    ("choice.dissimilarity_of", {}, {"nest-0": 0.5}), ("population.headquarters", {}, {"all": 3.0})])
def test_what_the_engine_reads_once_must_be_the_same_for_all_members(key, one, other):
    section, name = key.split(".")
    made = members(*({section: {name: value}} for value in (one, one, other)))
    with pytest.raises(InputError) as caught:
        assemble.build(MINE, made)
    assert [problem.key for problem in caught.value.problems] == [key]
    assert "members of one ensemble have different values" in str(caught.value)


def test_all_that_members_do_not_share_is_told_at_once():
    with pytest.raises(InputError) as caught:
        ensemble.check(members({"choice": {"outside": False}, "title": "a"},
                               {"switches": {"churn": False}, "title": "b", "growth": {"sd": 0.3}}))
    assert [problem.key for problem in caught.value.problems] == ["choice.outside", "switches.churn"]


def test_members_may_differ_in_numbers_seeds_titles_and_delays():
    ensemble.check(members(
        {"title": "a", "run": {"seed": 1}, "growth": {"sd": 0.3}, "access": {"draw_coordinates": True}},
        {"title": "b", "run": {"seed": 2}, "growth": {"sd": 0.2}, "access": {"delays": {"ring": 2}}}))


@pytest.mark.parametrize("key, values, agree", [
    ("sites", (["site-0"], ["site-1"]), True), ("industries", (["industry-0"], []), True),
    ("start", (worlds.date(2020, 1), worlds.date(2021, 1)), False),
    ("end", (None, worlds.date(2030, 1)), True), ("movers", (True, False), False),
    ("lag_shape", (1, 2), False), ("amount", (1.0, 2.0), False), ("title", ("a", "b"), False)])
def test_policies_of_members_differ_in_numbers_dates_and_eligibility_only(key, values, agree):
    own = [[worlds.policy("grant", **{"amount": 1.0, "sites": ["site-0"], key: value})] for value in values]
    made = members({}, {}, policies=own)
    if agree:
        with pytest.raises(InputError, match=f"policies.grant.{key}: members of one ensemble have different values"):
            ensemble.check(made)
    else:
        ensemble.check(made)


def test_members_must_have_the_same_policies():
    grant, land = worlds.policy("grant", amount=1.0), worlds.policy("land_capacity", change=0.1)
    for other in ([], [land], [land, grant]):
        with pytest.raises(InputError, match="policies: members of one ensemble .*grant"):
            ensemble.check(members({}, {}, policies=[[grant, land], other]))
