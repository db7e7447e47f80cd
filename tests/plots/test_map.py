"""The map: labels that can be read, lines that are there, rings of the region's own size."""

import itertools
import json
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.base.messages import LANGUAGES
from sim.plots.common import geography, label_placement, map_plane, theme
from sim.plots.common.label_placement import Label, place
from sim.plots.run.save import draw, drawings
from tests.samples import results_sample

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def results():
    return results_sample.build(members=2, quarters=4)


def texts(figure):
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def extents(figure, axes, zorder=10):
    figure.canvas.draw()
    return [text.get_window_extent().extents for text in axes.texts if text.get_zorder() == zorder]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_of_the_map_neither_overlap_nor_leave_it(results, lang):
    figure = draw(results, "map", lang)
    for axes in figure.axes[:2]:
        boxes, window = extents(figure, axes), axes.get_window_extent().extents
        assert len(boxes) >= 8
        for a, b in itertools.combinations(boxes, 2):
            assert min(a[2], b[2]) <= max(a[0], b[0]) + 2 or min(a[3], b[3]) <= max(a[1], b[1]) + 2
        assert all((box[:2] >= window[:2] - 2).all() and (box[2:] <= window[2:] + 2).all() for box in boxes)


def test_every_place_of_the_zone_is_named_on_the_map(results):
    said = [text.get_text() for text in draw(results, "map").axes[0].texts]
    for name in results["short_en"].values[results["in_zone"].values]:
        assert any(re.fullmatch(f"{re.escape(name)} [<\\d,]+", one) for one in said)


def test_the_rings_of_the_map_are_those_of_the_region(results):
    base = json.loads(results.attrs["basemap"]) | {"core_km": [2.0, 7.5], "linkage_km": [7.5, 25.0]}
    said = texts(draw(results.assign_attrs(basemap=json.dumps(base)), "map"))
    assert {"7.5 km", "25 km"} <= set(said)
    assert "10 km" not in said
    assert {"10 km", "30 km"} <= set(texts(draw(results, "map")))


def test_a_label_without_room_is_dropped_unless_it_must_be_shown():
    with theme.house():
        figure = Figure(figsize=(1.2, 0.5))
        FigureCanvasAgg(figure)
        axes = figure.add_axes([0, 0, 1, 1], xlim=(0, 1), ylim=(0, 1))
        crowd = [Label("a long name", 0.5, 0.5, 2.0, must=k == 19) for k in range(20)]
        place(axes, crowd)
    names = [text for text in axes.texts if text.get_text()]
    assert 2 <= len(names) < 20
    assert names[-1].xy == (0.5, 0.5)


def test_a_station_is_as_old_as_its_first_line_and_no_line_is_drawn(results):
    links = [{"line": "L", "from": [120.0, 31.0], "to": [120.1, 31.0], "opened": "2024-01-01"},
             {"line": "M", "from": [120.1, 31.0], "to": [120.2, 31.0], "opened": "2018-01-01"}]
    found = geography.stations(links, "2020-12-31", "2040-12-31")
    assert list(found.values()) == ["opens_later", "open_before", "open_before"]
    axes = draw(results, "map").axes[0]
    assert {line.get_linestyle() for line in axes.lines} == {"None"}


def test_a_line_is_open_before_during_or_after_the_run():
    found = [geography.opening(date, "2020-12-31", "2040-12-31")
             for date in ("2020-12-31", "2021-01-01", "2041-01-01", None, "NaT")]
    assert found == ["open_before", "opens_later", "planned", "planned", "planned"]


def test_the_plane_keeps_distances_near_the_origin():
    east, north = map_plane.plane({"origin": [120.8972, 31.0198]}, [121.2739], [31.1884])
    assert np.hypot(east, north)[0] == pytest.approx(40.5, rel=0.01)     # study region, site table


@pytest.mark.parametrize("gap", [0.0, 0.02])
def test_symbols_that_would_cover_one_another_are_pushed_apart_and_keep_their_middle(gap):
    with theme.house():
        figure = Figure(figsize=(4, 4))
        FigureCanvasAgg(figure)
        axes = figure.add_axes([0, 0, 1, 1], xlim=(0, 1), ylim=(0, 1))
    east, north = np.array([0.5, 0.5 + gap, 0.9]), np.array([0.5, 0.5, 0.9])
    found = label_placement.apart(axes, east, north, np.full(3, 20.0))
    (one, other, far), points = found, 72 * 4
    assert np.hypot(*(other - one)) * points > 0.9 * label_placement.OVERLAP * 40
    np.testing.assert_allclose((one + other) / 2, [0.5 + gap / 2, 0.5], atol=1e-9)
    np.testing.assert_allclose(far, [0.9, 0.9], atol=1e-9)


def _own(dataset, *, far):
    """A region of its own, without borders and rings: eight places in the zone near the origin, one farther east."""
    base = json.dumps({"origin": [0.0, 0.0], "core_km": [0, 0], "linkage_km": [0, 0]})
    given = dataset.isel(site=slice(9))
    east = np.append(np.linspace(-0.1, 0.1, 8), far)
    given = given.assign_coords(lon=("site", east), lat=("site", east / 10), in_zone=("site", east < 0.11))
    return given.assign_attrs(basemap=base)


@pytest.mark.parametrize("far, panels", [(0.14, 2), (0.18, 2), (0.6, 3)])
def test_one_map_where_all_places_fit_and_else_a_wider_one_that_holds_the_frame_of_the_first(results, far, panels):
    """0.14 degrees stand on the rim of the zone's panel."""
    figure = draw(_own(results, far=far), "map")
    assert len(figure.axes) == panels
    if panels == 3:
        frame = next(each for each in figure.axes[1].patches if each.get_width() > 10)
        (west, east), (south, north) = figure.axes[1].get_xlim(), figure.axes[1].get_ylim()
        assert west <= frame.get_x() and frame.get_x() + frame.get_width() <= east
        assert south <= frame.get_y() and frame.get_y() + frame.get_height() <= north


def test_only_a_map_with_borders_says_that_nobody_reviewed_them(results):
    assert any("not reviewed" in text for text in texts(draw(results, "map")))
    assert not any("not reviewed" in text for text in texts(draw(_own(results, far=0.14), "map")))


def test_of_one_industry_no_figure_tells_industries_apart(results):
    one = results.isel(industry=[0])
    drawn = {drawing.entry.name for drawing in drawings(one, ["en"])}
    assert drawn == {drawing.entry.name for drawing in drawings(results, ["en"])} - {"map_industry", "shares_industry"}


def test_one_place_alone_has_a_map_with_a_scale(results):
    axes = draw(_own(results, far=0.1).isel(site=[3]), "map").axes[0]
    (west, east), bars = axes.get_xlim(), [each.get_width() for each in axes.artists + axes.patches if hasattr(
        each, "get_width")]
    assert east - west >= 4.0 and all(0 < width < east - west for width in bars)


@pytest.mark.parametrize("quarters, ticks", [(1, ["2020-Q4", "2021-Q1"]), (4, ["2020-Q4", "2021-Q4"])])
def test_a_short_run_names_its_first_and_last_quarter(results, quarters, ticks):
    axes = draw(results.isel(quarter=slice(quarters + 1)), "paths").axes[0]
    assert [each.get_text() for each in axes.get_xticklabels()] == ticks
