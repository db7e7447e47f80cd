"""The resolved file of a scenario, and where its values come from."""

import pathlib
import random

import pytest

from sim.config.parameters import interval
from sim.config.toml_file import parse
from sim.scenario.load import build, load
from tests.samples.scenario_texts import BOUNDED, scenario

SHIPPED = sorted((pathlib.Path(__file__).parents[2] / "scenarios").glob("*.toml"))


# -- the resolved file ------------------------------------------------------------------------------

def random_scenario(seed):
    """A valid scenario text with random values at a third of the numbers."""
    rng = random.Random(seed)
    tails = ("population", "largest"), ("spinoff", "share")            # as free as rules leave them
    paths = [path for path in BOUNDED if rng.random() < 0.3 and path[0] != "policies" and path not in tails]
    settings = ["population.largest=1e11"]
    for path in paths:
        bounds = interval(BOUNDED[path].allowed)
        value = rng.uniform(bounds.low, bounds.high)
        settings.append(f"{'.'.join(path)}={int(value) if BOUNDED[path].kind == 'int' else value}")
    return scenario("title = '上海 \"x\" \\\\'\n[policies.'a b']\nregime = 'shanghai-ftz'\n"
                    "sites = ['x', '园']\n[access.delays]\n'17号线' = 4\n[moving]\ncost = 3", settings)


@pytest.mark.parametrize(("make", "given"), [*((load, path) for path in SHIPPED),
                                             *((random_scenario, seed) for seed in range(20))],
                         ids=[str(path)[-30:] for path in SHIPPED] + 20 * ["x.toml"])
def test_a_resolved_file_loads_as_the_same_scenario(make, given):
    again = make(given)
    resolved = build(parse(again.resolved_toml(), "resolved.toml"))
    assert resolved.values == again.values
    assert resolved.digest == again.digest
    assert resolved.instruments == again.instruments
    assert len(resolved.files) == 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_without_warnings_and_name_the_setter_of_every_value(path):
    shipped = load(path)
    assert shipped.warnings == ()
    text = shipped.resolved_toml()
    for entry in shipped.entries():
        assert f"{entry.row.evidence}: {entry.row.source}; {entry.origin}" in text


def test_the_digest_sees_every_value_and_nothing_else():
    base = scenario("")
    assert scenario("# comment\n[run]\nseed = 20191025").digest == base.digest
    changed = {scenario("", [setting]).digest for setting in (
        "run.seed=1", "time.end=2030-12-31", "terms.access.within_city=0.31",
        "policies.p={regime='shanghai-ftz'}", "policies.q={regime='shanghai-ftz'}",
        "policies.p={regime='shanghai-ftz', start=2027-01-01}")}
    assert len(changed | {base.digest}) == 7
