"""Values of a scenario that are refused or doubted: not numbers, out of range, of another kind."""

import pytest

from sim.config.parameters import interval
from tests.samples.scenario_texts import (
    BOUNDED,
    CORE,
    POLICY,
    SCALARS,
    assignment,
    dotted,
    place,
    problems,
    scenario,
    unsolved,
)

HOSTILE = ("nan", "inf", "-inf", "1e400", "true", '"1"', "2021-01-01", "07:30:00", "[]", "{}", "1" * 40,
           str(2**64), f"-{2**63 + 1}")


@pytest.mark.parametrize("path", SCALARS, ids=dotted(SCALARS))
def test_a_number_that_is_none_is_refused_by_key_line_and_column(path):
    for value in HOSTILE:
        lines = problems(assignment(path, value))
        assert len(lines) == 1 and lines[0].startswith(place(path)[:-2]), (value, lines)
        assert "; expected a" in lines[0]


INSIDE = {"list[float]": "[{}]", "list[list[float]]": "[[{}]]", "dict[str, float]": "{{x = {}}}",
          "dict[str, int]": "{{x = {}}}"}
NESTED = {path: INSIDE[kind] for path, row in CORE.items() for kind in INSIDE if kind in row.kind}


@pytest.mark.parametrize("path", NESTED, ids=dotted(NESTED))
def test_a_number_inside_a_list_or_table_is_refused_too(path):
    for value in HOSTILE:
        lines = problems(assignment(path, NESTED[path].format(value)))
        assert len(lines) == 1 and lines[0].startswith("x.toml:2:"), (value, lines)
        assert ".".join(path) in lines[0]


@pytest.mark.parametrize("path", BOUNDED, ids=dotted(BOUNDED))
def test_a_number_outside_its_allowed_values_is_refused_with_them(path):
    row = BOUNDED[path]
    bounds = interval(row.allowed)
    beyond = [bounds.low - 1, bounds.high + 1]
    beyond += [] if bounds.closed_low else [bounds.low]
    beyond += [] if bounds.closed_high else [bounds.high]
    for value in beyond:
        (line,) = problems(assignment(path, int(value) if row.kind == "int" else value))
        assert line.startswith(place(path)) and row.allowed in line


def test_every_number_has_allowed_values():
    assert [path for path, row in SCALARS.items() if not row.allowed and "|" not in row.kind] == []


RANGED = {path: row for path, row in SCALARS.items() if row.range and row.range != row.allowed}


@pytest.mark.parametrize("path", RANGED, ids=dotted(RANGED))
def test_a_number_outside_its_prior_range_is_accepted_with_a_warning(path):
    row = RANGED[path]
    allowed, usual = interval(row.allowed), interval(row.range)
    value = (usual.high + allowed.high) / 2 if allowed.high > usual.high else (usual.low + allowed.low) / 2
    accepted = scenario(assignment(path, int(value) if row.kind == "int" else value), unsolved(path))
    (line,) = [line for line in map(str, accepted.warnings) if line.startswith(place(path))]
    assert f"is outside its prior range {row.range} " in line


def test_defaults_lie_within_their_allowed_values_and_prior_ranges():
    for row in (CORE | POLICY).values():
        if isinstance(row.default, (int, float)):
            assert not row.range or row.default in interval(row.range), row.key
            assert not row.allowed or row.default in interval(row.allowed), row.key


WHOLE = {path: [n for n in (0, 1, 15) if n in interval(row.allowed)] for path, row in BOUNDED.items()}


@pytest.mark.parametrize("path", WHOLE, ids=dotted(WHOLE))
def test_a_whole_number_will_do_for_any_number(path):
    for number in WHOLE[path]:
        assert scenario(assignment(path, number), unsolved(path))


OTHERS = {path: row for path, row in (CORE | POLICY).items()
          if path not in SCALARS and path not in NESTED and not row.kind.startswith("dict")}


@pytest.mark.parametrize("path", OTHERS, ids=dotted(OTHERS))
def test_a_value_of_another_kind_is_refused(path):
    for value in ("1.5", "[1]", "{a = 1}", "1979-05-27T07:32:00"):
        lines = problems(assignment(path, value))
        assert len(lines) == 1 and lines[0].startswith(place(path)[:-2]), (value, lines)
