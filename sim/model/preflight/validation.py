"""A scenario against its region: what a file says and the engine cannot use, told where it stands.

The schema has checked each value and the rules between keys; here is what only a region can tell, or
the machine. `region_of` is the one way from a scenario to its region.
"""

import contextlib
import functools
import itertools
import os
from collections.abc import Iterator

import numpy as np

from sim.base import memory, package_data
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.model import ensemble, registration_prior
from sim.model.preflight import base_year, memory_of_run
from sim.policies import checks, doubts, duplicates
from sim.policies.checks import unknown
from sim.policies.levers import REGIMES
from sim.region.load import Region, load
from sim.region.opening_stock import ORIGINS, TYPES, expected_shares, group_counts
from sim.scenario.load import Scenario

MOST = 100                     # problems told at once
YEARS = (1700, 2261)           # that dates of results can hold
NEAR = 0.005                   # of a target share of enterprises that register apart, which no warning mentions
LONG = 100                     # years of a run beyond which its dates are doubted


def region_of(scenario: Scenario, loaded: Region | None = None, threads: int = memory_of_run.THREADS,
              sharing: bool = False) -> Region:
    """The region that a scenario names, checked against it; `loaded` where it is at hand already.

    On more threads a run takes more memory, which must be available, and still more where others are `sharing` its
    opening; threads = 0 where nothing is run.

    A relative path starts from the folder of the file that sets it, on the command line from the
    present one. Raises InputError with every problem.
    """
    name = scenario.values.region
    if name not in package_data.regions() and not os.path.isdir(name):
        raise InputError(scenario.problem(("region",), _("there is no folder {name}", name=repr(name)),
                                          _("a folder, or {names}", names=one_of(package_data.regions())),
                                          near_miss(os.path.basename(name), package_data.regions())))
    loaded = loaded or load(name)
    problems = against_region(scenario, loaded, threads, sharing)
    if problems:
        raise InputError(problems)
    return loaded


def against_region(scenario: Scenario, region: Region, threads: int = memory_of_run.THREADS,
                   sharing: bool = False) -> list[Problem]:
    """Problems of a scenario with a region, in the order of the lines; an empty list if there are none."""
    told = list(itertools.islice(_each(RULES, scenario, region), MOST))
    found = sorted(told or _memory(scenario, region, threads, sharing), key=lambda f: scenario.rank(f[0]))
    return list(dict.fromkeys(scenario.problem(path, *words) for path, *words in found))


def warnings(scenario: Scenario, region: Region) -> list[Problem]:
    """Problems that are probably not meant; the scenario and the region are good together."""
    found = itertools.islice(_each(DOUBTS, scenario, region), MOST)
    problems = dict.fromkeys(scenario.problem(path, *words) for path, *words in found)
    return [*problems, *_unknown_regimes(region)]


def notes(scenario: Scenario, region: Region) -> list[Problem]:
    """Where policies meet on one lever, and what counts there, as Problems; nothing is wrong with it."""
    found = itertools.islice(_each(NOTES, scenario, region), MOST)
    return [scenario.problem(path, *words) for path, *words in found]


@contextlib.contextmanager
def located(scenario: Scenario) -> Iterator[None]:
    """Inside, problems that the engine meets under way are told where the scenario sets their key."""
    try:
        yield
    except InputError as error:
        raise InputError([_located(scenario, problem) for problem in error.problems]) from None


def _located(scenario, problem):
    if problem.where or not problem.key:
        return problem
    return scenario.problem(tuple(problem.key.split(".")), problem.wrong, problem.expected, problem.remedy)


def _each(rules, scenario, region):
    return itertools.chain.from_iterable(rule(scenario, region) for rule in rules)


def _dates(scenario, region):
    for key in ("start", "end"):
        date = getattr(scenario.values.time, key)
        if not YEARS[0] <= date.year <= YEARS[1]:
            yield ("time", key), _("{date} is out of range", date=date), \
                _("a year from {first} to {last}", first=YEARS[0], last=YEARS[1]), ""


def _names(scenario, region):
    """Keys of tables that the region, or the model, has names for."""
    places = dict.fromkeys(region.sites["jurisdiction"])
    for section, key, known, kind in (
            ("population", "headquarters", region.stock, _("a stock group")),
            ("population", "type_shares", TYPES, _("a headquarters type")),
            ("population", "origin_shares", ORIGINS, _("an origin")),
            ("choice", "dissimilarity_of", region.nests, _("a nest")),
            ("entry", "share", list(places), _("a jurisdiction")), ("moving", "net", list(places), _("a jurisdiction")),
            ("base_year", "constants", region.sites, _("a site"))):
        table = getattr(getattr(scenario.values, section), key)
        for name, *fault in unknown({} if table == "solve" else table, known, kind):
            yield (section, key, name), *fault


def _lines(scenario, region):
    """Delays are of lines that there are, those that policies add included."""
    added = [link for name in scenario.values.policies for link in checks.links(scenario, name)]
    lines = {*region.links["line"], *region.links["line_en"], *(link.line for link in added)}
    for line, *fault in unknown(scenario.values.access.delays, sorted(lines), _("a line")):
        yield ("access", "delays", line), *fault


def _stock(scenario, region):
    """There are headquarters, and enterprises that are none."""
    population = scenario.values.population
    given = {name: count for name, count in population.headquarters.items() if name in region.stock.index}
    total = group_counts(region, given, scenario.values.time.start).sum()
    if total < 1:
        yield ("population", "headquarters"), _("there are {count:g} headquarters in all groups", count=total), \
            _("at least 1"), ""
    if population.candidates <= total:
        path = scenario.latest([("population", "candidates"), ("population", "headquarters")])
        yield path, _("there are {candidates} candidates for {count:g} headquarters of the stock",
                      candidates=population.candidates, count=total), \
            _("more candidates than headquarters"), _("raise population.candidates")


def _payoff(scenario, region):
    peers = scenario.values.peers
    if peers.form == "table" and len(peers.payoff) != len(region.sites):
        yield ("peers", "payoff"), _("the number of rows is {count}", count=len(peers.payoff)), \
            _("{count} rows, one for each site in the order of their ids", count=len(region.sites)), ""


def _memory(scenario, region, threads, sharing):
    given = scenario.values, region
    values, there = scenario.values, memory.available() if threads else 0
    needed = memory_of_run.bytes_needed(*given, threads, sharing) if threads else 0
    if needed > there:
        keys = (("run", "replicates"), ("population", "candidates"), ("time", "end"), ("entry", "trend"))
        wrong = _("the run takes about {size:,.3g} GiB (replicates: {replicates}; enterprises: up to "
                  "{enterprises:,.3g}; sites: {sites})", size=needed / 2**30, replicates=values.run.replicates,
                  enterprises=memory_of_run.slots(values), sites=len(region.sites))
        yield scenario.latest(keys), wrong, \
            _("at most the {size:,.3g} GiB that are available here", size=there / 2**30), \
            _smaller(memory_of_run.smaller(*given, there, threads, sharing))


def _smaller(fitting):
    """The remedy of a run that is too large."""
    if not fitting:
        return _("no run.replicates or population.candidates is small enough: end the run earlier, or use a larger "
                 "machine")
    settings = [f"{key} = {value}" for key, value in fitting.items()]
    return _("set {settings}", settings=functools.reduce(lambda a, b: _("{first} and {second}", first=a, second=b),
                                                         settings))


def _long_run(scenario, region):
    time = scenario.values.time
    years = time.end.year - time.start.year + 1
    if years > LONG:
        yield scenario.latest([("time", "end"), ("time", "start")]), \
            _("the run covers {years} years, from {start} to {end}; rates are those of decades", years=years,
              start=time.start, end=time.end), "", _("are both dates meant?")


def _areas(scenario, region):
    stated = region.sites["area_km2"].notna().any() if "area_km2" in region.sites else False
    if scenario.values.land.capacity != "slack" and not stated:
        yield ("land", "capacity"), _("region {name} states no area of any place", name=region.name), \
            _("areas in the column area_km2 of its sites.csv"), _('set land.capacity = "slack", or give areas')


def _idle_payoff(scenario, region):
    peers = scenario.values.peers
    if peers.payoff and peers.form != "table":
        yield ("peers", "payoff"), _("the table has no effect: peers.form is {form}", form=repr(peers.form))


def _unlikely_counts(scenario, region):
    for name, count in scenario.values.population.headquarters.items():
        low, high = region.stock.loc[name, ["low", "high"]]
        if not low <= count <= high:
            yield ("population", "headquarters", name), \
                _("{count:g} is outside the region's range [{low:g}, {high:g}]", count=count, low=low, high=high)


def _idle_delays(scenario, region):
    """Delays move only what opens after the first quarter."""
    start, links = np.datetime64(scenario.values.time.start), region.links
    for line, quarters in scenario.values.access.delays.items():
        opened = links["opened"][(links["line"] == line) | (links["line_en"] == line)]
        if quarters and len(opened) and (opened.to_numpy() < start).all():
            yield ("access", "delays", line), \
                _("the delay (in quarters: {quarters}) has no effect: all of the line is open before the run",
                  quarters=quarters)


def _unknown_regimes(region):
    regimes = sorted(set(region.statuses["regime"]) - set(REGIMES))
    return [Problem("statuses.csv", "regime", _("the regime {name} has no effect", name=repr(name)),
                    "" if near_miss(name, REGIMES) else one_of(REGIMES), near_miss(name, REGIMES)) for name in regimes]


def _share_apart(scenario, region):
    """Warning: the share that is to register apart cannot be met by any l_r."""
    values = scenario.values
    p = values.registration
    if values.switches.registration == "function" or p.dissimilarity != "solve":
        return
    stacked = ensemble.stack([values])
    home, _share = registration_prior.homes(region, stacked, region.distances())
    shares = expected_shares(region, values.population.headquarters, values.time.start)
    found = 1.0 - float(np.sum(shares * np.diagonal(home[0])))
    if abs(found - p.share) > NEAR:
        yield ("registration", "share"), \
            _("no l_r in [0.01, 1] gives a share of {wanted:g}: {share:.3f} register apart", wanted=p.share,
              share=found), "", _("change registration.substance or registration.distance")


RULES = (_dates, _names, base_year.normalisations, base_year.moves, _lines, _stock, _payoff, _areas, checks.sites,
         checks.eligible, checks.funds, duplicates.twice, checks.own)
DOUBTS = (_long_run, _idle_payoff, _unlikely_counts, _idle_delays, doubts.timing, doubts.earlier, doubts.ancient,
          doubts.lags, doubts.unused, doubts.own, doubts.idle_platforms, doubts.capacity, _share_apart)
NOTES = (doubts.overlaps,)
