"""A region from a table of places as offices save it: Chinese names alone, GB18030, full-width digits, workbooks."""

import pytest

from sim.base.errors import InputError
from sim.region import from_places
from tests.samples import runs

CHINESE = ("名称,经度,纬度,总部数,辖区,备注\n临港新片区,１２１．９２,３０．９０,１２,浦东新区,甲\n"
           "漕河泾 开发区,121.40,31.17,５,徐汇区,\n花桥,121.10,31.30,3,昆山市,丙\n")


def made(data):
    region, _files = from_places.region_of(data, "地点.csv", "mine")
    return region


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_chinese_makes_a_region(encoding):
    region = made(CHINESE.encode(encoding))
    assert list(region.sites.index) == ["临港新片区", "漕河泾-开发区", "花桥"]
    assert list(region.sites["name_zh"]) == list(region.sites["name_en"]) == ["临港新片区", "漕河泾 开发区", "花桥"]
    assert region.sites["lon"].tolist() == [121.92, 121.40, 121.10] and region.stock["headquarters"].sum() == 20
    assert set(region.jurisdictions.index) == set(region.jurisdictions["name_zh"]) == {"浦东新区", "徐汇区", "昆山市"}
    assert region.nests["name_zh"].tolist() == ["全部地点"] and region.nests["name_en"].tolist() == ["All places"]


def test_a_workbook_makes_the_same_region(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    for line in CHINESE.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "places.xlsx")
    assert made((tmp_path / "places.xlsx").read_bytes()).sites.equals(made(CHINESE.encode()).sites)


@pytest.mark.parametrize("rows, wrong", [
    ("花桥,121.1,31.3,3,a,\n花桥,121.2,31.3,3,b,\n", "already exists"),
    (",121.1,31.3,3,a,\n", "neither an id nor a name"),
    ("花桥,31.3,121.1,3,a,\n", "swapped")])
def test_a_place_without_a_name_of_its_own_is_told_by_row(rows, wrong):
    with pytest.raises(InputError, match=wrong) as told:
        made(("名称,经度,纬度,总部数,辖区,备注\n" + rows).encode())
    assert "row" in told.value.problems[0].where


def test_places_outside_the_zone_are_told_by_the_table():
    head = "名称,经度,纬度,总部数,片区内\n"
    region = made(f"{head}花桥,121.1,31.3,3,１\n徐汇,121.4,31.2,9,0\n虹桥,121.3,31.2,5,\n".encode())
    assert region.sites["in_zone"].to_dict() == {"花桥": True, "徐汇": False, "虹桥": True}
    with pytest.raises(InputError, match="in_zone"):
        made(f"{head}花桥,121.1,31.3,3,也许\n".encode())


def test_a_column_that_is_not_read_is_told_and_places_of_a_region_without_rings_are_in_none(tmp_path):
    rows = "花桥,121.1,31.3,3,是,5\n徐汇,121.4,31.2,9,否,7\n"
    (tmp_path / "p.csv").write_text(f"名称,经度,纬度,总部数,是否示范区,面积\n{rows}", "utf-8")
    said = runs.sim("new-region", tmp_path / "p.csv", tmp_path / "own", LANG="zh_CN.UTF-8")
    assert said.exit_code == 0 and "未读取的列：面积\n" in said.stderr
    listed = runs.sim("list", "sites", "--region", tmp_path / "own", "--lang", "zh").stdout
    assert "徐汇（everywhere、片区外）" in listed and "花桥（everywhere）" in listed
    assert "联动" not in listed
