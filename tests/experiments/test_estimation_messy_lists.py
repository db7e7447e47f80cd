"""Lists as registers, maps and offices hand them over: each is read, or told in one sentence."""

import pytest

import sim as package
from sim.base.errors import InputError
from tests.samples import firm_lists

ROWS = firm_lists.rows(200)
PLAIN, WIDE = "0123456789.-C", "０１２３４５６７８９．－Ｃ"
CODE, ENTRY, LON, LAT, INDUSTRY = 0, 2, 4, 5, 6


@pytest.fixture
def arrivals(tmp_path):
    """The function that gives how many arrivals a file of these bytes has, and what was dropped of it."""
    def counted(raw, name="firms.csv"):
        _path, spec = firm_lists.write(tmp_path)
        (tmp_path / name).write_bytes(raw)
        found = package.estimate(tmp_path / name, spec=spec, out=tmp_path / "out", quiet=True, force=True)
        dropped = found.data.query("fate == 'dropped'").set_index("what")["rows"].to_dict()
        return found.content["kinds"]["arrivals"]["count"], dropped
    return counted


def changed(change):
    """The bytes of a list whose rows are changed, number by number."""
    return firm_lists.csv([change(k, list(row)) for k, row in enumerate(ROWS)]).encode()


def wide(_number, row):
    return [cell.translate(str.maketrans(PLAIN, WIDE)) if k in (CODE, ENTRY, LON, LAT, INDUSTRY) else cell
            for k, cell in enumerate(row)]


def test_full_width_digits_and_letters_are_digits_and_letters(arrivals):
    assert arrivals(changed(wide)) == arrivals(firm_lists.csv(ROWS).encode())


@pytest.mark.parametrize("form", ["{}年3月", "{}/3/1", "{}.3.1", "{}-03-01 00:00:00", "{}0301", "1-Mar-{}"])
def test_dates_are_read_as_offices_write_them(arrivals, form):
    assert arrivals(changed(lambda _k, row: [*row[:2], form.format(row[2][:4]), *row[3:]])) == arrivals(
        firm_lists.csv(ROWS).encode())


def test_years_in_chinese_numerals_are_read(arrivals):
    numerals = str.maketrans("0123456789", "〇一二三四五六七八九")
    told = changed(lambda _k, row: [*row[:2], row[2][:4].translate(numerals) + "年三月", *row[3:]])
    assert arrivals(told) == arrivals(firm_lists.csv(ROWS).encode())


TEXT = firm_lists.csv(ROWS)


@pytest.mark.parametrize("raw, sentence", [
    ("企业名录（2023年）,,,,,,\n" + TEXT, "has no column '统一社会信用代码'; row 2 has it: delete the rows above"),
    ("企业名录,,,位置,,,\n,,,,,,\n" + TEXT, "row 3 has it: delete the rows above that one"),
    (TEXT + "a,b,c,d,e,f,g,h,i\n", "cells in the row: 9; in the header: 7; .*; put texts with commas in"),
    ("<html><table><tr><td>统一社会信用代码</td></tr></table></html>", "it is a web page, whatever its name says"),
    (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not a text file; expected a workbook"),
    (changed(lambda _k, row: [*row[:4], row[5], row[4], row[6]]), "is not a latitude; the column of longitudes has .*; "
                                                                   "exchange lon and lat")])
def test_what_is_no_list_or_has_another_order_is_one_sentence(arrivals, raw, sentence):
    with pytest.raises(InputError, match=sentence):
        arrivals(raw.encode() if isinstance(raw, str) else raw)
