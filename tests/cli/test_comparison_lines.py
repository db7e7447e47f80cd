"""The table at the end of a comparison fits the terminal."""

from rich.cells import cell_len

from sim.cli import compare

ROWS = [["情景", "level", "effect"], ["纳入上海自贸试验区（自 2026 年起）", "84.8", "+3.20"],
        ["基准情景", "81.5", "(baseline)"]]


def test_rows_that_are_wider_than_the_terminal_have_the_name_above_its_numbers():
    wide, narrow = list(compare._aligned(ROWS, 80)), list(compare._aligned(ROWS, 40))
    assert len(wide) == 3 and "84.8" in wide[1]
    assert len(narrow) == 6 and max(cell_len(line) for line in narrow) <= 40
    assert [line.split() for line in narrow[3:4]] == [["84.8", "+3.20"]]


def test_numbers_stand_below_one_another_either_way():
    for columns in (0, 40):
        lines = compare._aligned(ROWS, columns)
        ends = [cell_len(line) for line in lines if line.endswith(("+3.20", "(baseline)"))]
        assert len(set(ends)) == 1 and len(ends) == 2
