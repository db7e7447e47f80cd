"""Scenarios on one made-up region that have more or less of their past in common."""

from sim.scenario.load import load
from tests.samples import runs

START = """\
region = "region"
[time]
start = 2021-01-01
end = 2022-12-31
[run]
replicates = 26
[population]
candidates = 600
[entry]
rate = 0.3
[moving]
rate = 0.05
constants = "uniform"
[policies.first]
instrument = "tax_rate"
rate = 15.0
sites = ["site-2"]
start = 2021-01-01
"""
TAX = """
[policies.{0}]
instrument = "tax_rate"
rate = {1}
movers = true
sites = ["site-1"]
start = {2}
"""
HEAD = """
[policies.head]
instrument = "anchor"
industry = "industry-1"
employees = 500.0
sites = ["site-3"]
start = 2022-01-01
"""
CLUB = """
[policies.club]
instrument = "alliance"
industries = ["industry-0"]
share = 0.5
start = 2022-01-01
"""
ROAD = """
[policies.road]
instrument = "express_road"
stops = ["site-0", "site-4"]
speed = 100.0
start = 2022-07-01
"""
SHARING = """
[policies.sharing]
instrument = "fiscal_sharing"
start = 2021-07-01
[policies.sharing.matrix.district-0]
district-0 = 0.6
district-1 = 0.4
"""
LENGTH = 8
# what a scenario adds to START, and in which quarter it parts from START; None: it has no past in common with it
PARTING = {
    "base": ("", LENGTH), "late": (TAX.format("late", 0.0, "2022-04-01"), 5),
    "announced": (TAX.format("told", 0.0, "2022-04-01") + "announced = 2021-10-01\n", 3),
    "nothing": (TAX.format("nothing", 25.0, "2022-04-01"), LENGTH),
    "never": (TAX.format("never", 0.0, "2030-01-01"), LENGTH),
    "at once": (TAX.format("now", 0.0, "2021-01-01"), 0), "before": (TAX.format("before", 0.0, "2020-01-01"), None),
    "withdrawn": ("end = 2022-01-01\n", 4), "road": (ROAD, 6), "sharing": (SHARING, LENGTH),
    "head": (HEAD, None), "club": (CLUB, None), "other": ("[choice]\nreview = 0.5\n", None),
    "draws": ("[access]\ndraw_coordinates = true\n", None)}

COMPARED = ("base", "late")


def scenarios_in(folder):
    """Scenarios by name, on one made-up region."""
    found = {}
    for name, (text, _) in PARTING.items():
        path = runs.write_scenario(folder, START + text)
        found[name] = load(str(path.rename(folder / f"{name.replace(' ', '-')}.toml")))
    return found
