"""Sweep files that cannot be meant end in exit code 2 with lines that say where and what, before any run."""

import datetime
import tracemalloc

import numpy as np
import pytest
from scipy.stats import qmc

from sim.base import random_streams
from sim.base.errors import InputError
from sim.experiments.sweep import design, sweep_file
from sim.experiments.sweep.axes import Axis
from sim.scenario import parameter_paths
from sim.scenario.load import load
from tests.samples import runs

HEAD = 'scenario = "small.toml"\nreplicates = 2\n'
CASES = {
    "no parameter": ('[axes]\n"peers.decai" = [1.0]', ["axes", "peers.decai", "did you mean 'peers.decay'?"]),
    "no policy": ('[axes.a]\nkey = "policies.taxx.start"\nvalues = [2021-01-01]',
                  ["policies.taxx.start", "did you mean 'policies.tax.start'?"]),
    "no key": ('[axes.a]\nkey = "a b c"\nvalues = [1]',
               ["'a b c' is not a dotted key; expected one such as peers.decay"]),
    "the region": ('[axes]\nregion = ["x"]', ["small has no parameter 'region'"]),
    "empty axis": ('[axes]\n"peers.decay" = []', ["the axis has no values; expected one or more"]),
    "no values": ('[axes.a]\nkey = "policies.tax.start"',
                  ["the axis has no values, and its parameter has no usual range"]),
    "a value twice": ('[axes]\n"peers.decay" = [5, 5.0]', ["5.0 occurs twice; expected each value once"]),
    "a key twice": ('[axes.a]\nkey = "peers.decay"\nvalues = [1]\n'
                    '[axes.b]\nkey = "peers.decay"\nvalues = [2]',
                    ["axes.b: axis a already varies 'peers.decay'; expected each key on one axis"]),
    "an axis twice": ('[axes.a]\nkey = "peers.decay"\n[axes.a]\nkey = "peers.half"',
                      ["duplicate key; it is set on line 4 already"]),
    "out of bounds": ('[axes]\n"peers.decay" = [5, -1]', ["-1.0", "; expected a number in [0, 10000]", "km"]),
    "range out of bounds": ('design = "lhs"\npoints = 3\n[axes.a]\nkey = "choice.review"\n'
                            'between = [0.1, 1.5]',
                            ["1.5", "; expected a number in [0, 1]"]),
    "text for a number": ('[axes]\n"peers.decay" = ["far"]', ["'far' is text", "a number"]),
    "no such choice": ('[axes]\n"peers.form" = ["log", "lin"]', ["'lin' is unknown", "'linear'"]),
    "number for a date": ('[axes.a]\nkey = "policies.tax.start"\nvalues = [2021]',
                          ["2021", "a date such as"]),
    "backwards": ('[axes.a]\nkey = "peers.decay"\nbetween = [9.0, 1.0]\nnumber = 3',
                  ["the range goes from 9.0 to 1.0; expected the lower end first"]),
    "no step": ('[axes.a]\nkey = "peers.decay"\nbetween = [1.0, 9.0]', ["step, or number"]),
    "log of nothing": ('[axes.a]\nkey = "peers.decay"\nbetween = [0.0, 9.0]\nnumber = 3\nlaw = "log-uniform"',
                       ["expected numbers with a decimal point, above 0 for log-uniform"]),
    "both": ('[axes.a]\nkey = "peers.decay"\nvalues = [1]\nbetween = [1, 2]',
             ["the axis has both values and between; expected one of them"]),
    "a name in use": ('[axes.point]\nkey = "peers.decay"\nvalues = [1]',
                      ["axes.point", "the results have a column of this name; give the axis another name"]),
    "no points": ('design = "lhs"\n[axes.a]\nkey = "peers.decay"',
                  ["points", "the design lhs has 0 points; expected 1 or more"]),
    "no axes": ('design = "sobol"\npoints = 4', ["the design sobol has no axes; expected one or more"]),
    "odd levels": ('design = "morris"\nlevels = 3', ["levels", "an even number"]),
    "no evidence": ('design = "lhs"\npoints = 2\nevidence = ["guess"]',
                    ["'guess' is no kind of evidence", "assumption"]),
    "an old key": ('marks = ["data"]', ["marks: this key is now called evidence"]),
    "an old key of one experiment": ('[experiments.a]\nmarks = ["data"]',
                                     ["study.toml:4:1: marks: this key is now called evidence"]),
    "no design": ('design = "gird"', ["design", "did you mean 'grid'?"]),
    "no table": ('axes = 3', ["axes"]),
    "no output": ('[outputs]\nseries = ["headquarters_in_zoen"]', ["did you mean 'headquarters_in_zone'?"]),
    "no quarter": ('[outputs]\nquarters = ["2050-Q1"]',
                   ["does not reach 2050-Q1; expected a quarter from 2020-Q4 to 2022-Q4"]),
    "no key of ours": ("replicats = 3", ["unknown key; did you mean 'replicates'?"]),
    "rules": ('[axes.a]\nkey = "policies.status.end"\nvalues = [2020-01-01]',
              ["an end", "at the point a = 2020-01-01"]),
    "no column": ('design = "list"\ncsv = "lacking.csv"\n[axes.a]\nkey = "peers.decay"\n'
                  '[axes.b]\nkey = "peers.half"',
                  ["lacking.csv:1: b: there is no column of this name; expected a column for every axis",
                   "did you mean 'bb'?"]),
    "bad cell": ('design = "list"\ncsv = "wrong.csv"\n[axes.a]\nkey = "peers.decay"',
                 ["wrong.csv:3: a: ", "'x' is text", "; expected a number in [0, 10000]"]),
    "short row": ('design = "list"\ncsv = "short.csv"\n[axes.a]\nkey = "peers.decay"\n'
                  '[axes.b]\nkey = "peers.half"',
                  ["short.csv:2: the number of cells is 1; expected 2, as many as there are names"]),
    "no csv": ('design = "list"\ncsv = "none.csv"\n[axes.a]\nkey = "peers.decay"',
               ["none.csv cannot be read: No such file"]),
    "no csv at all": ('design = "list"\n[axes.a]\nkey = "peers.decay"',
                      ["csv: the design \"list\" has no points; expected a CSV file of points"]),
    "a list of nothing": ('design = "list"\ncsv = "good.csv"',
                          ["axes: there are no axes; expected one for every column"]),
    "names alone": ('design = "list"\ncsv = "names.csv"\n[axes.a]\nkey = "peers.decay"',
                    ["names.csv:1: the table has no rows; expected one row for each point"]),
    "an empty table": ('design = "list"\ncsv = "empty.csv"\n[axes.a]\nkey = "peers.decay"',
                       ["empty.csv: the table is empty; expected names of axes"]),
    "no text": ('design = "list"\ncsv = "latin.csv"\n[axes.a]\nkey = "peers.decay"',
                ["latin.csv cannot be read: ", "expected a CSV file in UTF-8"]),
    "an odd experiment": ('[experiments."../up"]\nreplicates = 1', ["'../up' cannot name an experiment"]),
}
TABLES = {"lacking.csv": "a,bb\n1,2\n", "wrong.csv": "a\n5\nx\n", "short.csv": "a,b\n1\n", "names.csv": "a\n",
          "empty.csv": "\n", "latin.csv": "a\né\n",
          "good.csv": "a,form\n5,log\n40,linear\n"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("input")
    runs.write_scenario(place)
    for name, text in TABLES.items():
        (place / name).write_text(text, encoding="latin-1")
    return place


def read(folder, text):
    path = folder / "study.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return sweep_file.read(path)


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_meant_is_told_with_its_place_and_a_remedy(folder, case):
    text, words = CASES[case]
    with pytest.raises(InputError) as told:
        read(folder, text)
    for word in words:
        assert word in str(told.value)
    assert all(problem.where for problem in told.value.problems)


def test_all_problems_are_told_at_once_on_one_line_each(folder):
    read_or = folder / "study.toml"
    read_or.write_text(HEAD + '[axes]\n"peers.decai" = [1]\n"peers.half" = []\n', encoding="utf-8")
    said = runs.sim("sweep", read_or, "--out", folder / "out")
    assert said.exit_code == 2
    assert len(said.stderr.splitlines()) == 2
    assert not (folder / "out").exists()


def test_a_missing_scenario_is_told_where_it_is_named(folder):
    path = folder / "study.toml"
    path.write_text('scenario = "smal.toml"\n')
    with pytest.raises(InputError, match=r"study.toml:1:1: scenario: .*did you mean 'small.toml'"):
        sweep_file.read(path)


def test_a_folder_in_place_of_a_scenario_is_told_by_the_key_of_the_sweep(folder):
    (folder / "room.toml").mkdir()
    path = folder / "study.toml"
    path.write_text('scenario = "room.toml"\n')
    with pytest.raises(InputError, match=r"study.toml:1:1: scenario: .*is a folder; expected a scenario file"):
        sweep_file.read(path)


@pytest.mark.parametrize(("text", "number"), [
    ("".join(f'[axes.a{k}]\nkey = "{key}"\nbetween = [0.1, 0.9]\nnumber = 1000\n' for k, key in enumerate(
        ("choice.review", "entry.outside_share", "land.floor_share"))), "2,000,000,000 runs"),
    ('[axes.a]\nkey = "peers.decay"\nbetween = [0.0, 1.0]\nstep = 1e-12', "1,000,000,000,001 values"),
    ('design = "sobol"\npoints = 9000000\n[axes.a]\nkey = "peers.decay"', "33,554,432 runs")])
def test_too_many_runs_are_refused_with_their_number_before_they_are_made(folder, text, number):
    tracemalloc.start()
    with pytest.raises(InputError, match=number):
        read(folder, text)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 50e6


# -- what is accepted -----------------------------------------------------------------------------------

def test_a_list_has_the_rows_of_its_table(folder):
    sweep = read(folder, 'design = "list"\ncsv = "good.csv"\n[axes.a]\nkey = "peers.decay"\n'
                         '[axes.form]\nkey = "peers.form"')
    (experiment,) = sweep.experiments
    assert experiment.columns["a"].tolist() == [5.0, 40.0]
    assert experiment.columns["form"].tolist() == ["log", "linear"]


def test_powers_of_two_are_said_aloud(folder):
    sweep = read(folder, 'design = "saltelli"\npoints = 5\n[axes.a]\nkey = "peers.decay"\n'
                         '[axes.b]\nkey = "peers.half"')
    assert sweep.notes == ["5 points rounded up to 8: Sobol' points come in powers of two"]
    assert sweep.experiments[0].points == 8 * (2 + 2)


@pytest.mark.parametrize("more, said", [
    ("", True), ('[axes.b]\nkey = "policies.tax.start"\nvalues = [2021-07-01]', False)])
def test_a_policy_after_the_run_is_told_unless_an_axis_moves_it(folder, more, said):
    text = 'set = ["policies.tax.start=2050-01-01"]\n[axes.a]\nkey = "policies.tax.rate"\nvalues = [15.0, 20.0]\n'
    notes = [str(note) for note in read(folder, text + more).notes]
    assert any("tax starts on 2050-01-01, after the run" in note for note in notes) == said


def test_evidence_brings_in_every_number_with_a_usual_range(folder):
    text = 'design = "lhs"\npoints = 2\nevidence = ["literature", "assumption"]\nleave_out = ["peers.decay"]'
    axes = {axis.name: axis for axis in read(folder, text).experiments[0].axes}
    assert "peers.decay" not in axes
    assert (axes["choice.review"].low, axes["choice.review"].high) == (0.1, 0.5)
    assert axes["policies.tax.credibility"].paths == (("policies", "tax", "credibility"),)
    assert axes["population.candidates"].apart
    assert not axes["choice.review"].apart


def test_linked_keys_move_together(folder):
    axis = read(folder, '[axes.a]\nkey = ["peers.decay", "peers.half"]\nvalues = [5]').experiments[0].axes[0]
    assert axis.paths == (("peers", "decay"), ("peers", "half"))


@pytest.mark.parametrize("changes", [
    [(("peers", "decay"), 7.0), (("policies", "tax", "start"), datetime.date(2022, 4, 1))],
    [(("moving", "rate"), 0.2), (("choice", "review"), 0.45), (("choice", "keep_errors"), 0.1)],
    [(("population", "headquarters", "district-0"), 21.0), (("switches", "churn"), False)]])
def test_values_put_in_place_are_those_that_loading_gives(folder, changes):
    base = load(str(folder / "small.toml"))
    settings = [f"{'.'.join(path)}={str(value).lower()}" for path, value in changes]
    assert parameter_paths.replaced(base, changes) == load(str(folder / "small.toml"), settings).values


# -- designs --------------------------------------------------------------------------------------------

def test_a_latin_hypercube_has_one_point_in_every_slice():
    u = design.unit("lhs", 3, 20, seed=1)
    assert all(sorted((u[:, k] * 20).astype(int)) == list(range(20)) for k in range(3))


def test_a_latin_hypercube_is_that_of_scipy():
    draw = np.random.default_rng(int(random_streams.key_of("design lhs|1")))
    assert np.array_equal(design.unit("lhs", 3, 20, seed=1), qmc.LatinHypercube(3, rng=draw).random(20))


def test_saltelli_rows_differ_from_a_in_the_column_of_b_alone():
    rows = design.unit("saltelli", 3, 4, seed=1).reshape(4, 5, 3)
    for point in rows:
        for k in range(3):
            assert np.flatnonzero(point[k + 1] != point[0]).tolist() == [k]
            assert point[k + 1, k] == point[-1, k]


def test_morris_steps_change_one_axis_at_a_time():
    rows = design.unit("morris", 3, 5, seed=1).reshape(5, 4, 3)
    assert ((np.diff(rows, axis=1) != 0).sum(axis=2) == 1).all()
    assert np.array_equal(rows.reshape(-1, 3), design.unit("morris", 3, 5, seed=1))


@pytest.mark.parametrize(("axis", "u", "values"), [
    (Axis("a", (), (), "float", low=1.0, high=100.0, law="log-uniform"), [0.0, 0.5], [1.0, 10.0]),
    (Axis("a", (), (), "float", low=0.0, high=4.0, law="triangular", mode=2.0),
     [0.0, 0.5], [0.0, 2.0]),
    (Axis("a", (), (), "int", low=2, high=4), [0.0, 0.34, 0.99, 1.0], [2, 3, 4, 4]),
    (Axis("a", (), (), "date", low=datetime.date(2021, 2, 1), high=datetime.date(2021, 12, 1)),
     [0.0, 0.999], [datetime.date(2021, 1, 1), datetime.date(2021, 10, 1)]),
    (Axis("a", (), (), "text", values=("x", "y")), [0.0, 0.6, 1.0], ["x", "y", "y"])])
def test_places_in_the_unit_cube_become_values(axis, u, values):
    assert np.allclose(axis.at(np.array(u)), values) if axis.kind == "float" else \
        axis.at(np.array(u)).tolist() == values
