"""`sim smallest` from the command to the number: the value reaches the target, a step less does not."""

import json

import pytest

from sim.experiments.threshold import objective
from sim.model.shared_base_years import SharedBaseYears
from sim.scenario.load import load
from tests.samples import runs

GRANT = """\
[policies.grant]
instrument = "grant"
amount = 0.0
sites = "zone"
start = 2021-01-01
"""
KEY, STEP = "policies.grant.amount", 25.0


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two years of a made-up region: without, and with a grant on arrival in its zone."""
    folder = tmp_path_factory.mktemp("smallest")
    base = runs.write_scenario(folder)
    policy = folder / "grant.toml"
    policy.write_text(runs.SCENARIO + GRANT, encoding="utf-8")
    return base, policy


def smallest(files, *more, target=2):
    base, policy = files
    return runs.sim("smallest", policy, "--key", KEY, "--between", 0, 800, "--target", target, "--against", base,
                    "--replicates", 3, "--jobs", 1, "--tolerance", STEP, "--force", *more)


def effect(files, amount):
    """(replicate,) what a grant adds to the headquarters in the zone, by the same runs as any other's."""
    wanted = objective.Wanted("headquarters_in_zone", 3, 1, None)
    base, with_grant = (load(str(path), settings) for path, settings in zip(files, ([], [f"{KEY}={amount}"])))
    region = objective.search_variable(with_grant, KEY).region
    return objective.of_scenario(with_grant, region, wanted) - objective.of_scenario(base, region, wanted)


def test_the_value_found_reaches_the_target_and_a_step_less_does_not(files):
    said = smallest(files, "--json")
    assert said.exit_code == 0, said.stderr
    found = json.loads(said.stdout)
    assert 0.0 < found["value"] - found["below"] <= STEP
    assert effect(files, found["value"]).mean() >= 2 > effect(files, found["below"]).mean()
    assert [row["value"] for row in found["evaluations"]] == sorted(row["value"] for row in found["evaluations"])
    assert found["evaluations"][0] == {"value": 0.0, "mean": 0.0, "error": 0.0}      # a grant of nothing is no policy


def test_values_that_leave_the_base_year_as_it_is_have_it_solved_once(files):
    shared, grant = SharedBaseYears(), load(str(files[1]), [f"{KEY}=1.0"])
    turned = objective.search_variable(grant, KEY)
    wanted = objective.Wanted("headquarters_in_zone", 3, 1, shared)
    first, again = (objective.of_scenario(turned.turned(number), turned.region, wanted) for number in (20.0, 400.0))
    assert shared.asked == 2 * shared.solved == 6
    alone = objective.of_scenario(turned.turned(400.0), turned.region, wanted._replace(shared=None))
    assert again.tolist() == alone.tolist() != first.tolist()


def test_a_target_out_of_reach_is_said_with_the_range_that_was_tried(files):
    said = smallest(files, target=5000)
    assert said.exit_code == 3
    assert "no value of policies.grant.amount reaches 5000: of 5 values tried from 0.0 to 800.0" in said.stderr
    as_json = smallest(files, "--json", target=5000)
    assert as_json.exit_code == 3 and json.loads(as_json.stdout)["value"] is None


@pytest.mark.parametrize(("more", "words"), [
    (["--between", 60, 0, "--tolerance", 1], "a lower end and a higher end"),
    (["--between", -1, 60], "policies.grant.amount"),
    (["--between", "much", 60], "'much' cannot be read; expected a number"),
    (["--key", "policies.grant.amout"], "policies.grant.amount"),
    (["--key", "policies.grant.sites"], "policies.grant.sites is neither a number nor a date"),
    (["--of", "headquarter_in_zone"], "headquarters_in_zone"),
    (["--of", "headquarters_in_zone@2050-Q1"], "expected a quarter from 2020-Q4 to 2022-Q4"),
    (["--tolerance", 900], "within the range"),
])
def test_what_cannot_be_meant_is_told_in_one_line(files, more, words):
    said = smallest(files, *more)
    assert said.exit_code == 2
    assert words in said.stderr and "Traceback" not in said.stderr and said.stdout == ""
    assert len(said.stderr.splitlines()) == 1
