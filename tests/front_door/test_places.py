"""A table of places as a whole: a region whose places are counted one by one and are all of the zone."""

import contextlib
import re

import numpy as np
import pytest
from rich.cells import cell_len

import sim
from sim.model.mean_field.rivalness import displacement, from_displacement
from tests.samples import runs

PLACES = ("\ufeff名称,经度,纬度,总部数\r\n古里镇,120.86,31.63,８\r\n虞山 街道,120.75,31.65,20\r\n"
          "花桥,121.10,31.30,12\r\n").encode()
SMALL = ["population.candidates=2000", "time.end=2027-12-31"]
ALLOCATED = re.compile("(?:allocat|district totals|spread over towns|分摊|分配)[^<]{0,60}", re.I)
TOLD_APART = re.compile(r"<table class=\"inputs\">.*?</table>|<style>.*?</style>|<script.*?</script>", re.S)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A comparison with its pages, after the commands of docs/own-region.md."""
    folder = tmp_path_factory.mktemp("研究 项目")
    (folder / "地点.csv").write_bytes(PLACES)
    region = folder / "区域"
    for words in (("new-region", folder / "地点.csv", region), ("new", folder / "场景", "--region", region)):
        assert runs.sim(*words).exit_code == 0
    with contextlib.chdir(folder):
        return sim.compare(folder / "场景/baseline.toml", folder / "场景/policy.toml", settings=SMALL, replicates=3,
                           jobs=1, out=folder / "比较", languages=["en", "zh"], quiet=True)


def test_where_the_zone_is_all_there_is_nobody_else_loses_and_rivalness_has_no_value(compared):
    table = compared.tables["leakage"].query("measure == 'enterprises'")
    assert (table["gain"] > 0).all() and (table["diversion"] == 0).all() and table["rivalness"].isna().all()
    assert np.isnan(from_displacement(0.0, 1.0)) and np.isnan(displacement(np.ones(2), np.ones(2, bool)))


def test_counts_that_a_table_has_by_place_are_not_said_to_be_allocated(compared):
    found = sim.run(compared.folder.parent / "场景/baseline.toml", settings=SMALL, replicates=3, jobs=1,
                    out=compared.folder.parent / "单个", languages=["en", "zh"], quiet=True)
    for page in (*compared.pages, *found.pages):
        assert ALLOCATED.findall(TOLD_APART.sub("", page.read_text("utf-8"))) == []
    first = found.data.headquarters.isel(quarter=0).sum(["industry", "hq_type"])
    assert (np.sort(first, axis=1) == [8, 12, 20]).all()


def test_names_that_are_twice_as_wide_stand_in_columns(compared):
    """Chinese characters take two cells of a terminal."""
    listed = runs.sim("list", "sites", "--region", compared.folder.parent / "区域").stdout.splitlines()[1:]
    columns = {cell_len(line[:line.rindex("  ")]) for line in listed}
    assert len(listed) == 3 and len(columns) == 1
