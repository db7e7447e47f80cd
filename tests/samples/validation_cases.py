"""Scenario texts that are refused, each with the place and a part of what is said."""

def table(name, line):
    return f"[{name}]\n{line}"


def policy(*lines, name="p", instrument="regime_exposure"):
    own = {"regime_exposure": ["exposure = 'ftz'"], "land_capacity": ["change = 0.1"], "tax_rate": ["rate = 15"],
           "grant": ["amount = 1"], "transit_link": ["line = 'new'"], "red_line": ["share = 0.1"],
           "alliance": ["industries = ['software']", "share = 0.2"],
           "anchor": ["industry = 'software'", "employees = 500", "sites = 'xicen'"],
           "enclave": ["partner = 'hongqiao'"], "talent_spillover": ["hub = 'PSQ'", "change = 0.5"],
           "platform": ["reduction = 0.2"], "express_road": ["stops = ['xicen', 'fenhu']"]}[instrument]
    given = {line.split(" ")[0] for line in lines}
    own = [line for line in own if line.split(" ")[0] not in given]
    return "\n".join([f"[policies.{name}]", *lines, f"instrument = '{instrument}'", *own])


BUNDLE = policy("exposure = 'bundle'", "sites = ['xicen', 'fenhu']", "start = 2026-01-01", name="z")
UNMEASURED = "\n[diagnostics]\nmembers = 0"
PAYOFF = "[[0.0, 1.0]" + ", [0.0, 1.0]" * 32 + "]"


# -- rules: text, where the one line begins, what else it says, and a text that is good --------------

RULES = {
    "the end before the start": (
        table("time", "end = 2020-12-31"), "x.toml:2:1: time.end", "the run would go from 2021-01-01 to 2020-12-31",
        table("time", "end = 2021-01-01")),
    "a run of many centuries": (
        table("time", "start = 0900-01-01\nend = 1900-01-01"), "x.toml:3:1: time.end", "4000 quarters",
        table("time", "start = 1700-01-01\nend = 1900-01-01")),
    "dates that no result can hold": (
        table("time", "start = 2100-01-01\nend = 2262-01-01"), "x.toml:3:1: time.end", "1700 to 2261",
        table("time", "start = 2100-01-01\nend = 2261-01-01")),
    "an empty list of hazards": (
        table("exit", "hazard_by_age = []"), "x.toml:2:1: exit.hazard_by_age", "0 hazards",
        table("exit", "hazard_by_age = [0.05]")),
    "a hazard of one": (
        table("exit", "hazard_by_age = [0.1, 1.0]"), "x.toml:2:1: exit.hazard_by_age[1]", "[0, 1)",
        table("exit", "hazard_by_age = [0.1, 0.99]")),
    "a negative hazard": (
        table("exit", "hazard_by_age = [-0.1]"), "x.toml:2:1: exit.hazard_by_age[0]", "[0, 1)",
        table("exit", "hazard_by_age = [0]")),
    "a share above one": (
        table("population", "type_shares = {growth = 1.5}"),
        "x.toml:2:16: population.type_shares.growth", "[0, 1]",
        table("population", "type_shares = {growth = 1}")),
    "shares that do not add up": (
        table("population", "origin_shares = {local = 0.5, china = 0.4}"),
        "x.toml:2:1: population.origin_shares",
        "sum to 0.9", table("population", "origin_shares = {local = 0.5, china = 0.5}")),
    "an unknown type": (
        table("population", "type_shares = {growht = 1.0}"), "x.toml:2:16: population.type_shares.growht",
        "did you mean 'growth'?", table("population", "type_shares = {growth = 1.0}")),
    "an unknown origin": (
        table("population", "origin_shares = {chinna = 1.0}"), "x.toml:2:18: population.origin_shares.chinna",
        "did you mean 'china'?", table("population", "origin_shares = {china = 1.0}")),
    "headquarters below zero": (
        table("population.headquarters", "wujiang = -1"),
        "x.toml:2:1: population.headquarters.wujiang", "[0, ",
        table("population.headquarters", "wujiang = 0")),
    "an unknown stock group": (
        table("population.headquarters", "wujang = 20"), "x.toml:2:1: population.headquarters.wujang",
        "did you mean 'wujiang'?", table("population.headquarters", "wujiang = 20")),
    "no more candidates than headquarters": (
        table("population", "candidates = 1000\nheadquarters = {sip = 400}"),
        "x.toml:2:1: population.candidates",
        "headquarters of the stock", table("population", "candidates = 2000\nheadquarters = {sip = 400}")),
    "an allocation without spread": (
        table("population", "spread = 1e-9"), "x.toml:2:1: population.spread", "[0.001, ",
        table("population", "spread = 0.001")),
    "a dissimilarity above one": (
        table("choice.dissimilarity_of", "zone = 2.0"), "x.toml:2:1: choice.dissimilarity_of.zone", ", 1]",
        table("choice.dissimilarity_of", "zone = 1.0")),
    "a dissimilarity of nothing": (
        table("choice", "dissimilarity = 0.0"), "x.toml:2:1: choice.dissimilarity", ", 1]",
        table("choice", "dissimilarity = 0.5")),
    "an unknown nest": (
        table("choice.dissimilarity_of", "rest_delta = 0.5"),
        "x.toml:2:1: choice.dissimilarity_of.rest_delta",
        "did you mean 'rest-delta'?", table("choice.dissimilarity_of", "rest-delta = 0.5")),
    "an outside option that nobody takes": (
        table("entry", "outside_share = 0"), "x.toml:2:1: entry.outside_share", "choice.outside = false",
        "[entry]\noutside_share = 0\n[choice]\noutside = false"),
    "a moving cost out of bounds": (
        table("moving", "cost = 1e9"), "x.toml:2:1: moving.cost", "[-100, 100] or 'solve'",
        table("moving", "cost = 9.5")),
    "a cost to solve with given constants": (
        table("base_year", "constants = {xicen = 1.0}"), "x.toml:2:1: base_year.constants", "a number for moving.cost",
        "[base_year]\nconstants = {xicen = 1.0}\n[moving]\ncost = 3"),
    "an unknown form of the moving cost": (
        table("moving", "constants = 'by town'"), "x.toml:2:1: moving.constants", "'by site'",
        table("moving", "constants = 'by site'")),
    "more moves than reviews": (
        table("moving", "rate = 0.1"),
        "x.toml:2:1: moving.rate", "(0, 0.06761)", table("moving", "rate = 0.05")),
    "no reviews, but moves": (
        table("choice", "review = 0"), "x.toml:2:1: choice.review", "0.01 moves a year",
        "[choice]\nreview = 0\n[moving]\ncost = 3"),
    "an unknown site among the constants": (
        "[moving]\ncost = 3\n[base_year.constants]\nxicenn = 1", "x.toml:4:1: base_year.constants.xicenn",
        "did you mean 'xicen'?", "[moving]\ncost = 3\n[base_year.constants]\nxicen = 1"),
    "a constant out of bounds": (
        "[moving]\ncost = 3\n[base_year.constants]\nxicen = 1e6", "x.toml:4:1: base_year.constants.xicen",
        "[-1000, 1000]", "[moving]\ncost = 3\n[base_year.constants]\nxicen = 10"),
    "a form without its table": (
        table("peers", "form = 'table'"), "x.toml:2:1: peers.form", "payoff is empty",
        table("peers", f"form = 'table'\npayoff = {PAYOFF}")),
    "a payoff with an empty row": (
        table("peers", "payoff = [[1.0], []]\nform = 'table'"), "x.toml:2:1: peers.payoff", "a row of payoff is empty",
        table("peers", f"payoff = {PAYOFF}\nform = 'table'")),
    "a payoff for other sites": (
        table("peers", "payoff = [[1.0], [0.5]]\nform = 'table'"),
        "x.toml:2:1: peers.payoff", "rows is 2; expected 33 rows",
        table("peers", f"payoff = {PAYOFF}\nform = 'table'")),
    "a payoff out of bounds": (
        table("peers", "payoff = [[1.0, 1e9]]"), "x.toml:2:1: peers.payoff[0][1]", "[-1000, 1000]",
        table("peers", "payoff = [[1.0, 1e3]]")),
    "a line that opens before its plan": (
        table("access.delays", '"示范区线" = -1'), 'x.toml:2:1: access.delays."示范区线"',
        "[0, 4000]", table("access.delays", '"示范区线" = 1')),
    "an unknown line": (
        table("access.delays", '"Demonstration Zone" = 4'), 'x.toml:2:1: access.delays."Demonstration Zone"',
        "did you mean 'Demonstration Zone Line'?", table("access.delays", '"Demonstration Zone Line" = 4')),
    "more memory than there is": (
        table("run", "replicates = 100000"), "x.toml:2:1: run.replicates", "GiB that are available",
        table("run", "replicates = 10")),
    "an ever faster stream of entrants": (
        table("entry", "rate = 5\ntrend = 1"), "x.toml:3:1: entry.trend", "GiB that are available",
        table("entry", "rate = 0.1\ntrend = 0.01")),
    "a policy at an unknown site": (
        policy("sites = ['fenhu', 'xicenn']"), "x.toml:2:1: policies.p.sites[1]", "did you mean 'xicen'?",
        policy("sites = ['fenhu', 'xicen']")),
    "a policy in an unknown group": (
        policy("sites = 'town'"),
        "x.toml:2:1: policies.p.sites", "did you mean 'towns'?", policy("sites = 'towns'")),
    "a policy in an unknown jurisdiction": (
        policy("sites = 'jiasan'"), "x.toml:2:1: policies.p.sites", "did you mean 'jiashan'?",
        policy("sites = 'jiashan'")),
    "a group among sites": (
        policy("sites = ['xicen', 'core']"), "x.toml:2:1: policies.p.sites[1]", 'sites = "core"',
        policy("sites = 'core'")),
    "a policy without a site": (
        policy("sites = []"), "x.toml:2:1: policies.p.sites", "enabled = false",
        policy("sites = []", "stops = ['xicen', 'fenhu']", instrument="express_road")),
    "an unknown industry": (
        policy("industries = ['software', 'softwear']", instrument="tax_rate"),
        "x.toml:2:1: policies.p.industries[1]", "did you mean 'software'?",
        policy("industries = ['software']", instrument="tax_rate")),
    "an unknown headquarters type": (
        policy("types = ['regionl']", instrument="grant"), "x.toml:2:1: policies.p.types[0]",
        "did you mean 'regional'?", policy("types = ['regional']", instrument="grant")),
    "a stop nowhere": (
        policy("stops = ['SXKT', 'fenhuu']", instrument="transit_link"), "x.toml:2:1: policies.p.stops",
        "did you mean 'fenhu'?", policy("stops = ['SXKT', 'fenhu']", instrument="transit_link")),
    "a line that goes nowhere": (
        policy("stops = ['SXKT', 'SXKT']", instrument="transit_link"), "x.toml:2:1: policies.p.stops",
        "two different ends", policy("stops = ['SXKT', 'XC', 'SXKT']", instrument="transit_link")),
    "a line of one stop": (
        policy("stops = ['SXKT']", instrument="transit_link"), "x.toml:2:1: policies.p.stops", "2 or more",
        policy("stops = ['SXKT', 'XC']", instrument="transit_link")),
    "a policy that ends before it starts": (
        policy("start = 2028-01-01", "end = 2027-12-31"), "x.toml:3:1: policies.p.end", "a later quarter",
        policy("start = 2028-01-01", "end = 2028-04-01")),
    "a policy that ends in the quarter of its start": (
        policy("start = 2028-01-01", "end = 2028-03-31"), "x.toml:3:1: policies.p.end", "enabled = false",
        policy("start = 2028-03-31", "end = 2028-04-01")),
    "a policy announced after its start": (
        policy("announced = 2028-01-01", "start = 2027-01-01"), "x.toml:2:1: policies.p.announced",
        "an announcement before the start",
        policy("announced = 2027-01-01", "start = 2027-01-01")),
    "a bundle beside a component": (
        policy("sites = ['xicen']") + "\n" + BUNDLE,
        "x.toml:6:1: policies.z.exposure", "z gives 'bundle' at the same sites (xicen)",
        policy("sites = ['shixi']") + "\n" + BUNDLE),
    "a component after a bundle without end": (
        BUNDLE + "\n" + policy("sites = 'towns'", "start = 2030-01-01"), "x.toml:10:1: policies.p.exposure",
        "a bundle or its components", BUNDLE.replace("start", "end = 2029-12-31\nstart") + "\n"
        + policy("sites = 'towns'", "start = 2030-01-01")),
    "a policy that is counted twice": (
        policy("sites = 'towns'", "start = 2026-01-01", instrument="grant") + "\n"
        + policy("sites = 'towns'", "start = 2028-01-01", "title = 'Again'", instrument="grant", name="q"),
        "x.toml:6:2: policies.q", "the same as p, at the same sites and time, would count twice",
        policy("sites = 'towns'", "end = 2028-01-01", instrument="grant") + "\n"
        + policy("sites = 'towns'", "start = 2028-01-01", instrument="grant", name="q")),
    "a regime that is counted twice": (
        "[policies.a]\nregime = 'innovation-center'\n[policies.b]\nregime = 'innovation-center'\n",
        "x.toml:3:2: policies.b.status", "the same as a-status",
        "[policies.a]\nregime = 'innovation-center'\n[policies.b]\nregime = 'innovation-center'\nsites = ['xicen']\n"),
    "an anchor in an unknown industry": (
        policy("industry = 'softwear'", instrument="anchor"), "x.toml:2:1: policies.p.industry",
        "did you mean 'software'?", policy("industry = 'software'", instrument="anchor")),
    "an anchor at an unknown site": (
        policy("sites = 'xicenn'", instrument="anchor"), "x.toml:2:1: policies.p.sites", "did you mean 'xicen'?",
        policy("sites = 'fenhu'", instrument="anchor")),
    "an anchor at several sites": (
        policy("sites = 'towns'", instrument="anchor"), "x.toml:2:1: policies.p.sites", "one site",
        policy("sites = 'towns'", "chooses = true", instrument="anchor")),
    "an anchor that chooses and is there already": (
        policy("sites = 'towns'", "chooses = true", "start = 2020-01-01", instrument="anchor"),
        "x.toml:2:1: policies.p.sites", "one site",
        policy("sites = 'xicen'", "chooses = true", "start = 2020-01-01", instrument="anchor")),
    "an anchor in an unknown alliance": (
        policy("alliances = ['chips', 'chip']", instrument="anchor") + "\n"
        + policy(name="chips", instrument="alliance"),
        "x.toml:2:1: policies.p.alliances[1]", "did you mean 'chips'?",
        policy("alliances = ['chips']", instrument="anchor") + "\n" + policy(name="chips", instrument="alliance")),
    "suppliers of an unknown industry": (
        policy("supplier_industries = ['softwear']", "suppliers = 2", instrument="anchor"),
        "x.toml:2:1: policies.p.supplier_industries[0]", "did you mean 'software'?",
        policy("supplier_industries = ['software']", "suppliers = 2", instrument="anchor")),
    "industries of no suppliers": (
        policy("supplier_industries = ['software']", instrument="anchor"), "x.toml:2:1: policies.p.supplier_industries",
        "suppliers above 0", policy("suppliers = 1", instrument="anchor")),
    "an alliance of no industry": (
        policy("industries = []", instrument="alliance"), "x.toml:2:1: policies.p.industries", "one industry at least",
        policy("industries = ['new_energy']", instrument="alliance")),
    "an alliance without members": (
        policy("share = 0", instrument="alliance"), "x.toml:2:1: policies.p.share", "the alliance has no members",
        policy("share = 0", instrument="alliance") + "\n" + policy("alliances = ['p']", name="a", instrument="anchor")),
    "too many alliances": (
        "\n".join(policy(name=f"p{k}", instrument="alliance") for k in range(7)) + UNMEASURED,
        "x.toml:25:2: policies.p6", "at most 6",
        "\n".join(policy(name=f"p{k}", instrument="alliance") for k in range(6)) + UNMEASURED),
    "an enclave at an unknown place": (
        policy("partner = 'hongqao'", instrument="enclave"), "x.toml:2:1: policies.p.partner",
        "did you mean 'hongqiao'?",
        policy("partner = 'hongqiao'", instrument="enclave")),
    "an enclave at home": (
        policy("partner = 'fenhu'", "sites = ['fenhu']", instrument="enclave"), "x.toml:2:1: policies.p.partner",
        "another site", policy("partner = 'fenhu'", "sites = ['fenhu', 'xicen']", instrument="enclave")),
    "talent from an unknown hub": (
        policy("hub = 'PSQQ'", instrument="talent_spillover"), "x.toml:2:1: policies.p.hub", "did you mean 'PSQ'?",
        policy("hub = 'SZ'", instrument="talent_spillover")),
    "a road to an unknown place": (
        policy("stops = ['xicen', 'fenhoo']", instrument="express_road"), "x.toml:2:1: policies.p.stops[1]",
        "did you mean 'fenhu'?", policy("stops = ['xicen', 'fenhu']", instrument="express_road")),
    "a road with one end": (
        policy("stops = ['xicen', 'xicen']", instrument="express_road"), "x.toml:2:1: policies.p.stops", "2 or more",
        policy("stops = ['xicen', 'fenhu', 'xicen']", instrument="express_road")),
    "free trade accounts beside a bundle": (
        policy("exposure = 'accounts'", "sites = ['xicen']") + "\n" + BUNDLE,
        "x.toml:6:1: policies.z.exposure", "z gives 'bundle' at the same sites (xicen)",
        policy("exposure = 'accounts'", "sites = ['shixi']") + "\n" + BUNDLE),
    "all of the land behind the red line": (
        policy("share = 1.0", instrument="red_line"), "x.toml:2:1: policies.p.share", "[0, 1)",
        policy("share = 0.3", instrument="red_line")),
    "no such region": (
        "region = 'yrd-zome'", "x.toml:1:1: region", "did you mean 'yrd-zone'?", "region = 'yrd-zone'"),
}
