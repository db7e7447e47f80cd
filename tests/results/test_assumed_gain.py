"""The assumed direct effect counts a gain by who has it and by where it is."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.base.calendar import EVE
from sim.config.toml_file import parse
from sim.experiments.compare import coefficients, direct_effects, scenarios
from sim.experiments.compare.study import Study
from sim.kernels.choice.expected import expected_choices
from sim.model import choice_tables, initialise
from sim.model.preflight.validation import region_of
from sim.results import assumed_gain
from sim.scenario.load import build
from tests.samples.runs import ROOT

SMALL = "[population]\ncandidates = 1500\n[switches]\nstatuses = false\n"      # no status that a region records
BUNDLE = '[policies.{name}]\ninstrument = "regime_exposure"\nexposure = "bundle"\nsites = {sites}\n'
CLUB = '[policies.{name}]\ninstrument = "alliance"\nindustries = ["{industry}"]\nshare = {share}\n'


def paired(*tables, more=SMALL):
    """The region and the Pair of a scenario of these policies and of the same without them."""
    scenario = build(parse("".join(tables) + more, "x.toml"))
    region = region_of(scenario)
    return region, assumed_gain.pair(region, scenario)


def beside(pair, name):
    """The gains of one policy beside all the others of a pair."""
    given = [(each.name, each.instrument, pair.values.policies[each.name]) for each in pair.here.world.policies]
    rest = assumed_gain.offer(pair.region, pair.values, [each for each in given if each[0] != name])
    return assumed_gain.gains(pair._replace(there=rest))


def at(region, *sites):
    return region.sites.index.isin(sites)


def mean(*tables, sites="zone"):
    region, pair = paired(*tables)
    where = region.sites["in_zone"].to_numpy(bool) if sites == "zone" else at(region, *sites)
    return assumed_gain.gains(pair).mean(where)


def test_chances_are_those_that_the_base_year_was_solved_for():
    """By the kernels, on the same entrants; they meet the outside share and lead to the sites' shares."""
    _, pair = paired(BUNDLE.format(name="a", sites='["xicen"]'))
    world, fixed = pair.there.world, pair.there.fixed
    sample, chance = initialise.potential_entrants(world, fixed), []
    levers = choice_tables.levers_at(world, EVE, fixed.constant, np.ones((1, world.sites)))
    offers = choice_tables.choice_tables(world, levers, EVE)
    for m in range(assumed_gain.REPLICATES):
        chance.append(expected_choices(EVE, m, np.arange(sample.site.shape[1]), sample, pair.there.counts,
                                       offers, world.nests, fixed.peers, fixed.moving))
    found = np.concatenate(chance)
    np.testing.assert_allclose(pair.chance, found[:, :-1], rtol=1e-9)
    assert found[:, -1].mean() == pytest.approx(float(world.p.entry.outside_share[0]), abs=0.01)


def test_a_gain_at_one_site_counts_by_how_often_the_site_is_chosen():
    """A bundle of weight b at one site: b times that site's part of the zone's chances, entrant by entrant."""
    region, pair = paired(BUNDLE.format(name="a", sites='["xicen"]'))
    zone, here = region.sites["in_zone"].to_numpy(bool), at(region, "xicen")
    part = pair.chance[:, here].sum(axis=1) / pair.chance[:, zone].sum(axis=1)
    gains = assumed_gain.gains(pair)
    assert gains.mean(zone) == pytest.approx(0.18 * part.mean(), abs=1e-12)
    assert gains.mean(here) == pytest.approx(0.18, abs=1e-12)
    assert gains.mean(~zone) == pytest.approx(0.0, abs=1e-12)
    assert 0.0 < part.mean() < 0.5


def test_policies_at_different_sites_are_worth_together_what_one_is_at_all_of_them():
    two = mean(BUNDLE.format(name="a", sites='["xicen"]'), BUNDLE.format(name="b", sites='["fenhu", "shengze"]'))
    one = mean(BUNDLE.format(name="a", sites='["xicen", "fenhu", "shengze"]'))
    assert two == pytest.approx(one, abs=1e-12)
    assert mean(BUNDLE.format(name="a", sites='"zone"')) == pytest.approx(0.18, abs=1e-12)


def test_what_members_of_an_alliance_gain_counts_by_how_many_they_are():
    """gP ln((1 + n_j) / 1) for members, nothing for others; n_j by counting the opening's members."""
    club = CLUB.format(name="club", industry="software", share=0.4)
    region, pair = paired(club, more=SMALL + "[peers]\ndecay = 0.0\n")
    zone, world = region.sites["in_zone"].to_numpy(bool), pair.here.world
    expected = []
    for m, who in enumerate(pair.here.entrants):
        partners = pair.here.counts[m][world.alliances_of_kind == 1].sum(axis=0) / 16.0
        mine = world.alliances_of_kind[who.kind] == 1
        chance = pair.chance[m * len(mine):][:len(mine)][:, zone]
        weight = chance / chance.sum(axis=1, keepdims=True)
        expected.append((0.2 * np.log1p(partners[zone]) * weight).sum(axis=1) * mine)
        assert 0.4 * 0.04 < mine.mean() < 0.4 * 0.4
    gains = assumed_gain.gains(pair)
    assert gains.mean(zone) == pytest.approx(np.mean(expected), abs=1e-12)
    assert gains.reached(zone) == pytest.approx(np.mean(np.concatenate(expected) > 0), abs=1e-12)


def test_alliances_of_different_industries_do_not_add_up_as_if_everybody_belonged_to_all():
    names = ("software", "life_health", "new_energy")
    alone = [mean(CLUB.format(name=each, industry=each, share=0.3)) for each in names]
    together = mean(*(CLUB.format(name=each, industry=each, share=0.3) for each in names))
    assert together == pytest.approx(sum(alone), abs=1e-9)            # nobody belongs to two
    assert 0.0 < together < 0.3 * 0.2 * np.log(1200)                  # at most that all members had all as partners


def test_policies_that_act_on_one_lever_are_worth_less_together():
    both = [BUNDLE.format(name=name, sites='"zone"') for name in "ab"]
    region, pair = paired(*both, "level = 0.5\n")
    zone = region.sites["in_zone"].to_numpy(bool)
    assert assumed_gain.gains(pair).mean(zone) == pytest.approx(0.18)
    assert [beside(pair, name).mean(zone) for name in "ab"] == pytest.approx([0.09, 0.0])


def test_a_head_enterprise_is_worth_most_where_it_stands_and_nothing_twice():
    table = '[policies.head]\ninstrument = "anchor"\nindustry = "software"\nemployees = 100\nsites = "xicen"\n'
    region, pair = paired(table, more=SMALL + "[peers]\ndecay = 0.0\n")
    gains = assumed_gain.gains(pair)
    there, elsewhere = at(region, "xicen"), ~at(region, "xicen")
    assert gains.mean(there) > 0.0 and gains.mean(elsewhere) == pytest.approx(0.0, abs=1e-12)
    counts = assumed_gain._with_anchors(pair.here, pair.quarter) - pair.here.counts
    assert counts.sum() == pytest.approx(16 * 10.0 * assumed_gain.REPLICATES)


def test_a_package_is_looked_at_when_most_of_it_is_in_force():
    tables = [BUNDLE.format(name="a", sites='["xicen"]') + "start = 2026-01-01\nend = 2031-01-01\n",
              BUNDLE.format(name="b", sites='["fenhu"]') + "start = 2028-01-01\nend = 2036-01-01\n",
              BUNDLE.format(name="c", sites='["shengze"]') + "start = 2028-01-01\n"]
    _, pair = paired(*tables)
    assert pair.here.world.calendar.labels()[pair.quarter + 1] == "2030-Q4"


def test_without_own_policies_there_is_no_gain():
    region, pair = paired("")
    gains = assumed_gain.gains(pair)
    assert pair.own == [] and gains.mean(np.ones(len(region.sites), bool)) == 0.0
    assert gains.reached(np.ones(len(region.sites), bool)) == 0.0


def test_an_opening_that_is_the_same_is_taken_over_and_gives_the_same_gains():
    """A policy that begins later opens as no policy does; an alliance has kinds of its own."""
    region, pair = paired(BUNDLE.format(name="a", sites='["xicen"]') + "start = 2026-01-01\n")
    assert pair.here.counts is pair.there.counts
    given = [("a", "regime_exposure", pair.values.policies["a"])]
    afresh = assumed_gain.gains(pair._replace(here=assumed_gain.offer(region, pair.values, given)))
    for name, part in assumed_gain.gains(pair).parts.items():
        np.testing.assert_array_equal(part, afresh.parts[name])
    _, other = paired(CLUB.format(name="club", industry="software", share=0.4))
    assert other.here.counts is not other.there.counts


def test_one_addend_alone_is_what_it_is_beside_the_others():
    tables = (BUNDLE.format(name="a", sites='"zone"'), CLUB.format(name="club", industry="software", share=0.4),
              '[policies.cut]\ninstrument = "tax_rate"\nrate = 15.0\npermanent = true\n')
    _, pair = paired(*tables)
    every = assumed_gain.gains(pair).parts
    assert set(every) == {"zone_bundle", "partners", "registration"}
    for name, part in every.items():
        alone = assumed_gain.gains(pair, name).parts
        assert set(alone) == {name}
        np.testing.assert_array_equal(alone[name], part)


@pytest.mark.parametrize(("name", "most"), [("alliances", 0.2), ("full-package", 1.2)])
def test_a_comparison_tells_the_gain_of_the_mean_entrant(name, most, tmp_path):
    """Sums over members of all alliances and over sites were 2.45 and 3.8."""
    settings = scenarios.Settings(("population.candidates=1500", "run.replicates=1"), tmp_path, 1)
    cases = scenarios.scenarios_of([str(ROOT / f"scenarios/{each}.toml") for each in ("baseline", name)], settings)
    found = Study(tuple(cases)).assumed[name]
    assert 0.02 < found.zone < most
    parts = direct_effects.table({name: found}).set_index("part")
    assert parts.loc["all", "zone"] == found.zone
    assert parts["zone"].drop("all").sum() == pytest.approx(found.zone)
    assert list(parts.index[1:2]) == ["partners" if name == "alliances" else "floor"]


@pytest.mark.parametrize(("table", "key", "share"), [
    ('[policies.a]\ninstrument = "regime_exposure"\nexposure = "scitech"\n', "terms.scitech.beta", 1.0),
    ('[policies.a]\ninstrument = "services"\nsystem = "finance"\nchange = 0.5\n', "terms.services.finance", 1.0),
    ('[policies.a]\ninstrument = "tax_rate"\nrate = 15.0\npermanent = true\n', "terms.tax.beta", 1.0),
    ('[policies.a]\ninstrument = "grant"\namount = 5.0\n', "terms.grant.beta", 1.0)])
def test_the_coefficient_through_which_a_policy_acts_is_found_and_brings_what_it_says(table, key, share):
    """With the coefficient at the value found for half as much again, the gain is half as much again."""
    base, own = (build(parse(text + SMALL, "x.toml")) for text in ("", table))
    cases = [SimpleNamespace(scenario=each, region=region_of(each)) for each in (base, own)]
    found = direct_effects.Assumed(cases[1], cases[0], np.ones(len(cases[0].region.sites), bool))
    coefficient = coefficients.leading(found)
    assert (coefficient.key, coefficient.share) == (key, pytest.approx(share, abs=1e-3))
    changed = build(parse(table + SMALL, "x.toml"), [f"{key}={coefficient.level_with(None, 1 / 1.5)!r}"])
    region, where = cases[0].region, found.in_zone
    again = assumed_gain.gains(assumed_gain.pair(region, changed)).mean(where)
    assert again == pytest.approx(1.5 * found.zone, rel=0.05)          # the log-sum of legal places is not linear
