"""Minutes of a trip: the given check table, exact shortest paths, and what each part costs."""

import dataclasses
import io

import numpy as np
import pandas as pd
import pytest

from sim.base.geodesy import separation_km
from sim.region import load as region_files
from sim.region import network, synthetic
from sim.region.network import timetable
from tests.samples.timetables import CALENDAR, at

ROUNDING = 0.5          # the check table is in whole minutes


# the given check

@pytest.fixture(scope="module")
def check(zone):
    path = region_files._child(region_files._find("yrd-zone")[0], "travel_times_check.csv")
    return pd.read_csv(io.BytesIO(path.read_bytes()))


def cells(zone, table, check):
    return table[zone.sites.index.get_indexer(check["site"]), zone.hubs.index.get_indexer(check["dest"])]


def test_road_minutes_are_those_of_the_check_to_its_rounding(zone, base, check):
    assert np.abs(cells(zone, base.road_minutes, check) - check["road_min"]).max() <= ROUNDING


@pytest.mark.parametrize("year", [2021, 2025, 2028])
@pytest.mark.parametrize("column, field", [("transit", "transit_minutes"), ("best", "minutes")])
def test_minutes_of_each_year_are_those_of_the_check_to_its_rounding(zone, base, check, year, column, field):
    ours = cells(zone, getattr(base, field)[at(base, f"{year}-01-01")], check)
    theirs = check[f"{column}_min_{year}"].to_numpy()
    assert (np.isfinite(ours) == np.isfinite(theirs)).all()
    reached = np.isfinite(theirs)
    assert reached.sum() >= 95
    assert np.abs(ours[reached] - theirs[reached]).max() <= ROUNDING


# the naive twin: every state (station, line on board) relaxed until nothing changes

def naive_transit(made, open_links, site):
    """Minutes from a site to every hub, by Bellman-Ford in plain loops."""
    rules, best = made.rules, {}
    place = made.sites.loc[site]
    for station, row in made.stations.iterrows():
        km = float(separation_km(place["lon"], place["lat"], row["lon"], row["lat"]))
        if km <= rules.walk_km:
            best[station, None] = km * rules.path_factor / rules.walk_kmh * 60
        elif km <= rules.access_km:
            best[station, None] = km * rules.path_factor / rules.feeder_kmh * 60 + rules.feeder_min
    changed = True
    while changed:
        changed = False
        for (station, line), minutes in list(best.items()):
            for link in open_links:
                for start, end in ((link["from"], link["to"]), (link["to"], link["from"])):
                    if start != station:
                        continue
                    wait = 0 if link["line"] == line else link["headway"] / 2 + (rules.transfer_min if line else 0)
                    arrival = minutes + wait + link["minutes"]
                    if arrival < best.get((end, link["line"]), np.inf) - 1e-12:
                        best[end, link["line"]] = arrival
                        changed = True
    return [min([minutes + (rules.egress_min if line else 0) for (station, line), minutes in best.items()
                 if station == hub], default=np.inf) for hub in made.hubs.index]


def with_lines(made, seed, lines=4, links=14):
    """The region with random links of several lines, parallel ones and headways that differ along a line."""
    rng = np.random.default_rng(seed)
    ends = [rng.choice(made.stations.index, 2, replace=False) for _ in range(links)]
    table = pd.DataFrame({"line": [f"line-{k}" for k in rng.integers(lines, size=links)],
                          "from": [a for a, _ in ends], "to": [b for _, b in ends],
                          "minutes": rng.uniform(1, 9, links), "headway": rng.choice([2.0, 5, 12, 30], links),
                          "opened": pd.Timestamp("2010-01-01")})
    rules = dataclasses.replace(made.rules, access_km=40.0, walk_km=10.0)
    return dataclasses.replace(made, links=table.assign(line_en=table["line"]), rules=rules)


@pytest.mark.parametrize("seed", range(6))
def test_shortest_paths_equal_those_of_plain_loops(seed):
    made = with_lines(synthetic.synthetic_region(sites=8, seed=seed, stations=9, hubs=3), seed)
    ours = timetable(made, CALENDAR).transit_minutes[0]
    naive = np.array([naive_transit(made, made.links.to_dict("records"), site) for site in made.sites.index])
    assert np.isfinite(naive).any()
    np.testing.assert_allclose(ours, naive, rtol=0, atol=1e-9)


def tiny(stations, links, **rules):
    """A site at the door of station-0, and the last station as the hub; lines are (line, a, b, minutes, headway)."""
    made = synthetic.synthetic_region(sites=1, nests=1, seed=0, stations=max(stations, 3), hubs=1)
    door = made.stations.loc["station-0", ["lon", "lat"]].to_numpy(float)
    places = made.stations.iloc[:stations].assign(lon=door[0] + np.arange(stations), lat=door[1])
    table = pd.DataFrame([(line, line, f"station-{a}", f"station-{b}", minutes, headway, pd.Timestamp("2010-01-01"))
                          for line, a, b, minutes, headway in links], columns=network.LINK_COLUMNS)
    hubs = made.hubs.rename(index={"station-0": f"station-{stations - 1}"})
    return dataclasses.replace(made, sites=made.sites.assign(lon=door[0], lat=door[1]), stations=places, hubs=hubs,
                               links=table, rules=dataclasses.replace(made.rules, **rules))


def minutes_of(made):
    return timetable(made, CALENDAR).transit_minutes[0, 0, 0]


def test_a_ride_costs_half_the_headway_the_minutes_and_the_egress():
    assert minutes_of(tiny(2, [("a", 0, 1, 20, 10)], egress_min=3.0)) == pytest.approx(5 + 20 + 3)


def test_staying_on_a_line_costs_no_second_wait():
    made = tiny(3, [("a", 0, 1, 20, 10), ("a", 1, 2, 7, 60)], egress_min=0.0)
    assert minutes_of(made) == pytest.approx(5 + 20 + 7)


def test_a_change_of_line_costs_the_transfer_and_half_the_next_headway():
    made = tiny(3, [("a", 0, 1, 20, 10), ("b", 1, 2, 7, 8)], egress_min=0.0, transfer_min=6.0)
    assert minutes_of(made) == pytest.approx(5 + 20 + 6 + 4 + 7)


def test_the_shorter_of_parallel_links_counts_and_not_their_sum():
    assert minutes_of(tiny(2, [("a", 0, 1, 20, 10), ("a", 1, 0, 12, 10)], egress_min=0.0)) == pytest.approx(5 + 12)


def test_without_rail_there_is_only_the_road():
    table = timetable(tiny(2, []), CALENDAR)
    assert np.isinf(table.transit_minutes).all()
    assert (table.minutes == table.road_minutes).all() and (table.station >= -1).all()


def test_a_slower_road_bites_from_its_break_on(zone):
    slower = dataclasses.replace(zone, rules=dataclasses.replace(zone.rules, road_kmh=(35.0, 55.0, 75.0, 80.0)))
    old, new = timetable(zone, CALENDAR).road_minutes, timetable(slower, CALENDAR).road_minutes
    hub = zone.stations.loc[zone.hubs.index]
    km = 1.3 * separation_km(zone.sites["lon"].to_numpy()[:, None], zone.sites["lat"].to_numpy()[:, None],
                             hub["lon"].to_numpy(), hub["lat"].to_numpy())
    assert ((new > old) == (km > 60)).all()
