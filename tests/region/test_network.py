"""What openings, delays and added links may and may not do to travel times."""

import dataclasses
import datetime

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.base.geodesy import separation_km
from sim.region import synthetic
from sim.region.network import Link, timetable
from tests.samples.timetables import CALENDAR, at

# openings

def test_there_is_one_state_for_each_distinct_network(base):
    assert len(base.minutes) == 4          # 2021, end of 2024, 2028, 2029
    assert list(np.flatnonzero(np.diff(base.state_of_quarter)) + 1) == [15, 28, 32]


def test_a_link_is_open_from_the_quarter_of_its_date(zone, base):
    assert at(base, "2024-09-30") == at(base, "2021-01-01")
    assert at(base, "2024-10-01") == at(base, "2025-01-01")


def test_openings_never_lengthen_a_trip(base):
    assert (np.diff(base.minutes, axis=0) <= 1e-9).all()
    assert (np.diff(base.minutes, axis=0) < -1).any()


@pytest.mark.parametrize("seed", range(5))
def test_an_added_link_never_lengthens_any_trip(seed):
    made = synthetic.synthetic_region(sites=30, seed=seed, stations=10, hubs=3)
    rng = np.random.default_rng(seed)
    ends = rng.choice([*made.stations.index, *made.sites.index], 2, replace=False)
    link = Link("new", *ends, 6.0, datetime.date(2020, 1, 1), speed=300.0)
    with_link, without = timetable(made, CALENDAR, added=[link]), timetable(made, CALENDAR)
    assert (with_link.transit_minutes <= without.transit_minutes + 1e-9).all()
    assert (with_link.minutes <= without.minutes + 1e-9).all()


def test_a_fast_link_from_a_sites_door_to_a_hub_shortens_the_trip():
    made = synthetic.synthetic_region(sites=30, seed=2, stations=10, hubs=1)
    hub = made.stations.loc["station-0"]
    far = separation_km(made.sites["lon"], made.sites["lat"], hub["lon"], hub["lat"]).argmax()
    link = Link("new", made.sites.index[far], "station-0", 6.0, datetime.date(2020, 1, 1), minutes=10.0)
    table = timetable(made, CALENDAR, added=[link])
    assert table.minutes[:, far, 0] == pytest.approx(3 + 10 + made.rules.egress_min)


def test_an_added_link_to_a_site_has_a_station_at_its_door(zone, base):
    link = Link("loop", "fenhu", "SZN", 8.0, datetime.date(2027, 4, 1), minutes=10.0)
    table, fenhu = timetable(zone, CALENDAR, added=[link]), zone.sites.index.get_loc("fenhu")
    opening = CALENDAR.index(link.opened)
    assert (table.station[:opening, fenhu] == -1).all()
    assert list(table.station[opening:opening + 3, fenhu]) == [0, 1, 2]
    gain = base.minutes[at(base, "2027-06-01"), fenhu] - table.minutes[at(table, "2027-06-01"), fenhu]
    assert gain[zone.hubs.index.get_loc("SH_HQ")] > 1


def test_speed_gives_minutes_over_the_straight_line(zone):
    a, b = zone.stations.loc["XC"], zone.stations.loc["SZN"]
    minutes = float(separation_km(a["lon"], a["lat"], b["lon"], b["lat"])) / 40 * 60
    common = dict(line="x", start="XC", end="SZN", headway=8.0, opened=datetime.date(2022, 1, 1))
    by_speed = timetable(zone, CALENDAR, added=[dict(common, speed=40.0)])
    by_minutes = timetable(zone, CALENDAR, added=[dict(common, minutes=minutes)])
    assert (by_speed.minutes == by_minutes.minutes).all()


def test_a_link_that_closes_leaves_the_network_as_it_was(zone, base):
    link = Link("loop", "fenhu", "SXKT", 8.0, datetime.date(2022, 1, 1), minutes=10.0,
                closed=datetime.date(2023, 1, 1))
    table, fenhu = timetable(zone, CALENDAR, added=[link]), zone.sites.index.get_loc("fenhu")
    assert len(table.minutes) == len(base.minutes) + 1          # the closed network is that of 2021 again
    quarter = CALENDAR.index(link.closed)
    assert table.state_of_quarter[quarter] == table.state_of_quarter[0]
    assert list(table.station[[3, 4, quarter - 1, quarter], fenhu]) == [-1, 0, 3, -1]


def test_a_delayed_line_is_not_used_before_it_opens(zone, base):
    late = timetable(zone, CALENDAR, delays={"示范区线": 8})
    before, after = at(late, "2029-12-31"), at(late, "2030-01-01")
    removed = dataclasses.replace(zone, links=zone.links[zone.links["line"] != "示范区线"].reset_index(drop=True))
    never = timetable(removed, CALENDAR)
    assert (late.minutes[before] == never.minutes[at(never, "2029-12-31")]).all()
    assert (late.minutes[after] == base.minutes[at(base, "2030-01-01")]).all()


def test_a_delay_leaves_what_runs_already_running(zone, base):
    late = timetable(zone, CALENDAR, delays={"上海17号线": 400})
    assert (late.minutes[0] == base.minutes[0]).all()
    xicen = zone.sites.index.get_loc("xicen")
    assert (late.station[:, xicen] == -1).sum() > (base.station[:, xicen] == -1).sum()


def test_a_line_may_be_named_in_english(zone):
    a, b = (timetable(zone, CALENDAR, delays={name: 3}) for name in ("示范区线", "Demonstration Zone Line"))
    assert (a.state_of_quarter == b.state_of_quarter).all() and (a.minutes == b.minutes).all()


def test_no_delay_and_no_addition_change_nothing(zone, base):
    same = timetable(zone, CALENDAR, delays={"示范区线": 0}, added=[], positions=zone.sites[["lon", "lat"]].to_numpy())
    assert all((getattr(same, f.name) == getattr(base, f.name)).all() for f in dataclasses.fields(base))


def test_moving_a_site_moves_its_own_times_only(zone, base):
    places = zone.sites[["lon", "lat"]].to_numpy(copy=True)
    places[zone.sites.index.get_loc("fenhu")] += 0.05
    moved = timetable(zone, CALENDAR, positions=places)
    changed = (moved.road_minutes != base.road_minutes).any(axis=1)
    assert list(zone.sites.index[changed]) == ["fenhu"]


# stations near a site

def test_quarters_since_a_station_opened_start_at_zero_and_count_up(zone, base):
    age = base.station[:, zone.sites.index.get_loc("xicen")]
    opening = CALENDAR.index(datetime.date(2024, 11, 30))
    assert (age[:opening] == -1).all()
    assert list(age[opening:]) == list(range(CALENDAR.length - opening))


def test_a_station_older_than_the_run_has_its_age_at_the_start(zone, base):
    assert base.station[0, zone.sites.index.get_loc("hq_qingpu")] == CALENDAR.first - (2017 * 4 + 3)


def test_an_airport_alone_is_no_station(zone):
    airport = zone.stations.loc["HGH", ["lon", "lat"]].to_numpy(float)
    there = timetable(zone, CALENDAR, positions=np.tile(airport, (len(zone.sites), 1)))
    assert (there.station == -1).all()


# faults

@pytest.mark.parametrize("arguments, said", [
    (dict(delays={"示范区": 4}), "did you mean '示范区线'"), (dict(delays={"示范区线": -1}), "0 or more"),
    (dict(added=[Link("x", "fenho", "XC", 8.0, datetime.date(2025, 1, 1), minutes=5.0)]), "did you mean 'fenhu'"),
    (dict(added=[Link("x", "XC", "XC", 8.0, datetime.date(2025, 1, 1), minutes=5.0)]), "two different ends"),
    (dict(added=[Link("x", "XC", "SZN", 8.0, datetime.date(2025, 1, 1), minutes=0.0)]), "minutes"),
    (dict(added=[Link("x", "XC", "SZN", -8.0, datetime.date(2025, 1, 1), minutes=5.0)]), "headway"),
    (dict(added=[Link("x", "XC", "SZN", 8.0, datetime.date(2025, 1, 1))]), "one of the two"),
    (dict(added=[Link("x", "XC", "SZN", float("nan"), datetime.date(2025, 1, 1), speed=30.0)]), "headway"),
])
def test_a_bad_delay_or_link_is_an_input_error(zone, arguments, said):
    with pytest.raises(InputError, match=said):
        timetable(zone, CALENDAR, **arguments)
