"""Lists of firms are read as people have them, and every row that is dropped is accounted for."""

import gzip

import numpy as np
import pytest
from stdnum.cn import uscc

from sim.base.errors import InputError
from sim.experiments.estimation import coordinates, credit_codes, events, firm_tables, firms, places, regressors, spec
from sim.experiments.estimation.data_report import DataReport
from tests.samples import firm_lists

MOVED = [                      # WGS-84, GCJ-02 and BD-09 of six places, computed with prcoords 1.0.2
    (120.8972, 31.0198, 120.9013361, 31.0174748, 120.9079315, 31.0231136),
    (121.3206, 31.1944, 121.3251229, 31.1924413, 121.3315252, 31.1987903),
    (118.78, 32.04, 118.7852065, 32.0379508, 118.7916357, 32.0442049),
    (113.26, 23.13, 113.2653271, 23.1273216, 113.2717578, 23.1335620),
    (104.07, 30.67, 104.0725155, 30.6675896, 104.0790202, 30.6735464),
    (87.62, 43.82, 87.6228532, 43.8212113, 87.6293212, 43.8273155)]


@pytest.mark.parametrize("system, first, close", [("gcj02", 2, 2e-7), ("bd09", 4, 2e-6)])
def test_chinese_coordinates_are_brought_back_to_wgs84(system, first, close):
    table = np.array(MOVED)
    lon, lat = coordinates.to_wgs84(table[:, first], table[:, first + 1], system)
    np.testing.assert_allclose(lon, table[:, 0], atol=close)
    np.testing.assert_allclose(lat, table[:, 1], atol=close)


def test_outside_china_nothing_is_moved():
    assert coordinates.to_wgs84([-74.0], [40.7], "gcj02")[0] == [-74.0]


def test_credit_codes_are_right_where_the_library_says_so():
    rng = np.random.default_rng(0)
    pairs = zip(rng.integers(0, 10**9, 300), rng.integers(0, 10**6, 300))
    good = [firm_lists.code(int(k), f"{d:06d}") for k, d in pairs]
    spoilt = [code[:k] + firm_lists.LETTERS[j] + code[k + 1:]
              for code, k, j in zip(good, rng.integers(0, 18, 300), rng.integers(0, 31, 300))]
    codes = [*good, *spoilt, "", "91", "企业", good[0].lower()]
    assert credit_codes.valid(codes).tolist() == [uscc.is_valid(code) for code in codes]
    assert credit_codes.valid(good).all()


def cleaned(path, spec_path):
    asked = spec.read(spec_path)
    where = places.read(asked)
    return firms.clean(firm_tables.read(path), asked, where)


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "xlsx", "gzip"])
def test_every_form_of_a_list_gives_the_same_firms(form, tmp_path):
    cells = firm_lists.rows()
    path, asked = firm_lists.write(tmp_path, cells)
    known = cleaned(path, asked)[0]
    if form == "xlsx":
        raw = firm_lists.workbook(cells)
    elif form == "gzip":
        raw = gzip.compress(firm_lists.csv(cells).encode())
    else:
        raw = firm_lists.csv(cells).encode(form)
    (tmp_path / "again").write_bytes(raw)
    for one, other in zip(cleaned(tmp_path / "again", asked)[0], known):
        np.testing.assert_array_equal(one, other)


def test_gcj02_taken_for_wgs84_puts_firms_half_a_kilometre_off(tmp_path):
    """The test that the conversion is used: with a narrow reach the wrong system loses firms."""
    path, asked = firm_lists.write(tmp_path, [row[:4] + ["120.9639", "31.0703", "C39"] for row in firm_lists.rows(5)],
                                   firm_lists.SPEC.replace("within_km = 8", "within_km = 0.2"))
    assert len(cleaned(path, asked)[0].firm)
    asked.write_text(asked.read_text("utf-8").replace("gcj02", "wgs84"), "utf-8")
    with pytest.raises(InputError, match="no row is left"):
        cleaned(path, asked)


def test_every_dropped_row_has_a_reason(tmp_path):
    cells = firm_lists.rows(40)
    cells[0][0] = cells[0][0][:-1] + ("A" if cells[0][0][-1] != "A" else "B")
    cells[1][2] = "不详"
    cells[2][3] = "2001-01-01"
    cells[3][4] = ""
    cells[4][4] = "118.0"
    cells[5][6] = "Z9"
    cells[6][0] = ""
    cells[7][6] = ""
    path, asked = firm_lists.write(tmp_path, cells)
    found, report = cleaned(path, asked)
    said = {line["what"]: (line["fate"], line["rows"], line["first_row"]) for line in report.lines}
    retail = sum(row[6] == "F52" for row in cells[8:])
    assert said["the credit code has a wrong check character"] == ("dropped", 1, 2)
    assert said["no date of entry can be read"] == ("dropped", 1, 3)
    assert said["the exit is before the entry"] == ("dropped", 1, 4)
    assert said["it has no coordinates"] == ("dropped", 1, 5)
    assert said["it is farther than 8 km from every place"] == ("dropped", 1, 6)
    assert said["the code of its industry is not in the table"] == ("dropped", 1, 7)
    assert said["no firm is named"] == ("dropped", 1, 8)
    assert said["its industry is not one of those considered"][1] == retail
    assert said["the industry is not known: it counts among all firms, not in its industry"][1] == 1
    dropped = sum(line["rows"] for line in report.lines if line["fate"] == "dropped")
    assert dropped + len(np.unique(found.firm)) == len(cells)


def test_firms_first_registered_elsewhere_are_a_lower_bound_on_moves(tmp_path):
    cells = firm_lists.rows(20)
    for row in cells[:3]:
        row[0] = firm_lists.code(1000 + int(row[1][2:]), "330421")
    path, asked = firm_lists.write(tmp_path, cells, firm_lists.SPEC)
    table = firm_lists.PLACES.replace("nest\n", "nest,division\n")
    table = table.replace(",0\n", ",0,3101\n").replace(",1\n", ",1,3101\n")
    (tmp_path / "places.csv").write_text(table, "utf-8")
    found, report = cleaned(path, asked)
    moved = [line["rows"] for line in report.lines if line["what"].startswith("firms first registered")]
    gone = sum(row[6] == "F52" for row in cells[:3])
    assert moved == [3 - gone]


def test_a_list_that_mixes_coordinate_systems_is_noticed(tmp_path):
    cells = [[f"firm {k}", str(2010 + year), str(lon), str(lat), "software"]
             for k, (a, b, c, d, *_bd) in enumerate(MOVED[:2]) for year, (lon, lat) in enumerate([(a, b), (c, d)])]
    (tmp_path / "firms.csv").write_text("firm,year,lon,lat,industry\n" + "\n".join(map(",".join, cells)), "utf-8")
    (tmp_path / "places.csv").write_text(firm_lists.PLACES, "utf-8")
    (tmp_path / "spec.toml").write_text(
        '[firms]\ncoordinates = "wgs84"\n[firms.columns]\nfirm = "firm"\nyear = "year"\nlon = "lon"\nlat = "lat"\n'
        'industry = "industry"\n[places]\nfile = "places.csv"\nwithin_km = 100\n'
        '[regressors.peers]\nkind = "all peers"\n')
    report = cleaned(tmp_path / "firms.csv", tmp_path / "spec.toml")[1]
    assert [line["rows"] for line in report.lines if "mixes coordinate systems" in line["what"]] == [2]


def panel(tmp_path, path_of, years=range(2010, 2016)):
    """Firms of a list in which each firm's places by year are a word, "-" where it is not there."""
    ids = {"A": "xicen", "B": "zhujiajiao", "C": "lili", "D": "xitang"}
    text = "firm,year,site,industry\n" + "".join(
        f"{firm},{year},{ids[at]},software\n" for firm, word in path_of.items() for year, at in zip(years, word)
        if at != "-")
    (tmp_path / "firms.csv").write_text(text, "utf-8")
    (tmp_path / "places.csv").write_text(firm_lists.PLACES, "utf-8")
    (tmp_path / "spec.toml").write_text(
        '[firms.columns]\nfirm = "firm"\nyear = "year"\nsite = "site"\nindustry = "industry"\n[places]\n'
        'file = "places.csv"\n[regressors.peers]\nkind = "all peers"\n', "utf-8")
    return cleaned(tmp_path / "firms.csv", tmp_path / "spec.toml")[0]


def test_moves_are_confirmed_and_flips_are_none(tmp_path):
    found = panel(tmp_path, {"stays": "AAAAAA", "moves": "AAABBB", "flips": "AABBAA", "once": "AAABAA",
                             "late": "AAAAAB", "twice": "AABBCC", "gap": "AA-BBB", "enters": "--CCCC"})
    names = sorted(["stays", "moves", "flips", "once", "late", "twice", "gap", "enters"])
    moved = events.moves(found, 2, DataReport())
    assert [(names[firm], int(year), int(origin), int(place)) for firm, year, _i, origin, place in zip(*moved)] == [
        ("gap", 2013, 0, 1), ("moves", 2013, 0, 1), ("twice", 2012, 0, 1), ("twice", 2014, 1, 2)]
    arrived = events.arrivals(found)
    came = [(names[firm], int(year), int(place)) for firm, year, _i, _o, place in zip(*arrived)]
    assert came == [("enters", 2012, 2)]
    risk, went = events.at_risk(found, moved)
    assert len(risk.firm) == len(found.firm) - len(names) and went.sum() == len(moved.firm)


def test_stocks_count_each_firm_once_a_year(tmp_path):
    found = panel(tmp_path, {"one": "AAABBB", "two": "-AAA--", "three": "CCCCCC"})
    stock = events.stocks(found, 4)
    assert stock.counts.sum() == len(found.firm)
    assert stock.counts[1, 0].tolist() == [2, 0, 1, 0] and stock.before(np.array([2012]))[0, 0].tolist() == [2, 0, 1, 0]


@pytest.mark.parametrize("change, sentence", [
    (lambda text: text.replace('entry = "成立日期"', 'entry = "成立日"'),
     r"has no column '成立日'; did you mean '成立日期'\?"),
    (lambda text: text.replace('coordinates = "gcj02"', ""), "the coordinate system is not named"),
    (lambda text: text.replace('kind = "column"', 'kind = "colum"'),
     "expected 'industry peers', 'all peers', 'distance', 'column'"),
    (lambda text: text.replace('["peers"]', '["peer"]'), "there is no regressor 'peer'"),
    (lambda text: text.replace('column = "rent"', 'column = "name_zh"'), "'西岑' is not a number")])
def test_what_is_wrong_with_a_spec_is_said_in_a_sentence(change, sentence, tmp_path):
    path, asked = firm_lists.write(tmp_path, spec=change(firm_lists.SPEC))
    with pytest.raises(InputError, match=sentence):
        tabled(path, asked)


def tabled(path, asked):
    known = spec.read(asked)
    where = places.read(known)
    found, _report = firms.clean(firm_tables.read(path), known, where)
    return regressors.table(known, where, events.stocks(found, 4), events.arrivals(found))


def test_an_unknown_encoding_is_told_by_its_line(tmp_path):
    (tmp_path / "firms.csv").write_bytes("名称\n".encode("gb18030") + b"\xff\xff\xff\n")
    with pytest.raises(InputError, match=r"firms.csv:2: the byte 0xff is neither UTF-8 nor GB18030; save the file"):
        firm_tables.read(tmp_path / "firms.csv")
