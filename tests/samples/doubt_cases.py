"""Scenario texts that are warned of, each with the place and a part of what is said."""

from tests.samples.validation_cases import policy, table

DOUBTS = {
    "more registered apart than any l_r gives": (
        table("registration", "share = 0.49"), "x.toml:2:1: registration.share", "register apart"),
    "a run of centuries": (
        table("time", "end = 2261-12-31"), "x.toml:2:1: time.end", "the run covers 241 years"),
    "a policy in year 1": (
        policy("start = 0001-01-01"), "x.toml:2:1: policies.p.start", "2020 years before the run"),
    "a policy after the run": (policy("start = 2041-01-01"), "x.toml:2:1: policies.p.start", "after the run"),
    "a policy over before the run": (
        policy("start = 2010-01-01", "end = 2019-01-01"), "x.toml:3:1: policies.p.end", "before the run"),
    "land that is built after the run": (
        policy("start = 2040-01-01", "building_time = 3.0", instrument="land_capacity"),
        "x.toml:3:1: policies.p.building_time", "nothing is built"),
    "a key that an instrument does not use": (
        policy("lag = 2", "stops = ['SXKT', 'XC']", instrument="transit_link"),
        "x.toml:2:1: policies.p.lag", "transit_link does not use it"),
    "a lag that ends after the run": (
        policy("lag = 12", "start = 2030-01-01"), "x.toml:2:1: policies.p.lag",
        "with lag = 12, enterprises know the policy"),
    "a lag of one year": (
        policy("lag = 1", "start = 2040-01-01"), "x.toml:2:1: policies.p.lag", "with lag = 1, enterprises"),
    "a withdrawal that is noticed after the run": (
        policy("lag = 2", "start = 2030-01-01", "end = 2039-06-01"), "x.toml:2:1: policies.p.lag",
        "have forgotten the policy only after"),
    "a payoff that no form uses": (table("peers", "payoff = [[1.0]]"), "x.toml:2:1: peers.payoff", "'log'"),
    "a count out of its range": (
        table("population.headquarters", "jiashan = 31"),
        "x.toml:2:1: population.headquarters.jiashan", "[4, 30]"),
    "a delay of what is open": (
        table("access.delays", '"上海2号线" = 3'),
        'x.toml:2:1: access.delays."上海2号线"', "all of the line is open"),
    "a bundle in place of more than it is worth": (
        policy("exposure = 'bundle'", "sites = ['lingang', 'hq_qingpu']"), "x.toml:2:1: policies.p.exposure",
        "at lingang; choose other sites"),
    "a capacity below what stands": (
        policy("sites = ['fenhu']", "change = -0.25", instrument="land_capacity") + "\n[land]\nslack = 1.2",
        "x.toml:2:1: policies.p.sites", "the capacity of fenhu is 0.9 times the base year's floor"),
    "sites of a road": (
        policy("sites = 'zone'", instrument="express_road"), "x.toml:2:1: policies.p.sites",
        "express_road does not use it"),
    "a platform where nobody looks at other sites": (
        policy("lag = 1", instrument="platform") + "\n[peers]\ndecay = 0", "x.toml:1:2: policies.p",
        "peers.decay is 0"),
}
