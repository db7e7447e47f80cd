"""What lasts after withdrawal, through a sweep's store and `sim sensitivity`, where the answer is known."""

import datetime

import numpy as np
import pandas as pd
import pytest

from sim.base.calendar import quarter_of
from sim.experiments.sensitivity import analyse, quantity
from sim.experiments.sweep import sweep as sweeping
from sim.runs import rows as run_rows
from sim.runs.worker import Done, opened
from tests.samples import runs, sweeps

SWEEP = """\
scenario = "small.toml"
replicates = 3
[outputs]
series = ["headquarters_in_zone"]
[experiments.reference]
[experiments.withdrawn.axes.depth]
key = "policies.tax.rate"
values = [0.0, 10.0, 20.0]
[experiments.withdrawn.axes.end]
key = "policies.status.end"
values = [2021-07-01, 2022-01-01, 2025-01-01]
"""
FIRST, QUARTERS = quarter_of(datetime.date(2020, 12, 31)), 9


def made_up(packed, chunk):
    """Paths whose effect is the depth while the policy is in force, and a twentieth of its square for good after."""
    context, rows = opened(packed), []
    spec = context.specs[chunk.experiment]
    for k, replicate in enumerate(chunk.replicates):
        path = np.full(QUARTERS, 7.0 + replicate)
        if spec.name == "withdrawn":
            depth = chunk.values["depth"][k] if "depth" in chunk.values else 10.0
            end = quarter_of(pd.Timestamp(chunk.values["end"][k])) - FIRST
            path[:end] += depth * (1 + 0.1 * replicate)
            path[end:] += depth ** 2 / 20.0 * (1 + 0.1 * replicate)
        rows.append(path)
    found = {"headquarters_in_zone": np.array([path[-1] for path in rows]), "series.headquarters_in_zone": rows}
    made = run_rows.table(spec, chunk, found, [None] * len(rows)).sort_by("run")
    return Done(run_rows.parquet(made, context.key), (), 0.001, ())


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lasting")
    path = sweeps.write(folder, SWEEP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "_engine", lambda job, made: sweeps.Here(made.packed, function=made_up))
        sweeps.finish(sweeps.job(path, folder / "out"))
    said = runs.sim("sensitivity", folder / "out", "--no-figures")
    assert said.exit_code == 0, said.stderr
    return folder / "out" / "analysis", said.stdout


def test_persistence_is_the_share_of_the_effect_in_the_last_quarter_in_force_that_is_left(analysed):
    """Depth 10 leaves 5 of 10, depth 20 leaves 20 of 20; noise in proportion cancels in the ratio."""
    rows = pd.read_csv(analysed[0] / "persistence.small.csv")
    assert rows["depth"].tolist() == [0.0] * 3 + [10.0] * 3 + [20.0] * 3
    assert rows["last_in_force"].tolist()[:2] == ["2021-Q2", "2021-Q4"]
    assert rows["years_since"].tolist()[:2] == [1.5, 1.0]
    np.testing.assert_allclose(rows["effect_at_withdrawal"], [0, 0, np.nan, 11, 11, np.nan, 22, 22, np.nan])
    np.testing.assert_allclose(rows["persistence"], [np.nan] * 3 + [0.5, 0.5, np.nan, 1.0, 1.0, np.nan], rtol=1e-12)
    np.testing.assert_allclose(rows["persistence_se"].dropna(), 0.0, atol=1e-12)


def test_it_is_told_and_laid_out_by_duration_and_depth(analysed):
    folder, said = analysed
    assert "What remains after withdrawal" in said
    swept = quantity.swept(folder.parent)
    (found,) = [each for each in analyse.analyse(swept, analyse.Asked()) if each.kind == "persistence"]
    np.testing.assert_allclose(found.data["mean"].sel(y=20.0), [1.0, 1.0, np.nan])
    np.testing.assert_allclose(found.data["mean"].sel(x="2022-01-01"), [np.nan, 0.5, 1.0])


def test_a_sweep_without_an_end_or_without_the_series_tells_nothing_of_it(tmp_path):
    text = SWEEP.replace("policies.status.end", "policies.status.start").replace(", 2025-01-01", "").replace(
        "[2021-07-01, 2022-01-01]", "[2021-01-01, 2021-04-01]")
    other = SWEEP.replace('series = ["headquarters_in_zone"]', "")
    for number, each in enumerate((text, other)):
        path, folder = sweeps.write(tmp_path, each), tmp_path / str(number)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweeping, "_engine", lambda job, made: sweeps.Here(made.packed, function=level))
            sweeps.finish(sweeps.job(path, folder))
        said = runs.sim("sensitivity", folder, "--no-figures", "-q")
        assert said.exit_code == 0, said.stderr
        assert not list((folder / "analysis").glob("persistence*"))


def level(packed, chunk):
    """Rows with the close alone, for sweeps whose paths nobody asks for."""
    context = opened(packed)
    spec = context.specs[chunk.experiment]
    rows = [np.full(QUARTERS, 1.0)] * len(chunk.runs)
    found = {"headquarters_in_zone": chunk.runs.astype(float), "series.headquarters_in_zone": rows}
    made = run_rows.table(spec, chunk, found, [None] * len(rows)).sort_by("run")
    return Done(run_rows.parquet(made, context.key), (), 0.001, ())


def test_without_a_plane_of_two_axes_it_is_told_in_a_table_alone(tmp_path):
    depth = '[experiments.withdrawn.axes.depth]\nkey = "policies.tax.rate"\nvalues = [0.0, 10.0, 20.0]\n'
    text = SWEEP.replace(depth, "")
    path, folder = sweeps.write(tmp_path, text), tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "_engine", lambda job, made: sweeps.Here(made.packed, function=made_up))
        sweeps.finish(sweeps.job(path, folder))
    said = runs.sim("sensitivity", folder, "--no-figures")
    assert said.exit_code == 0 and "What remains after withdrawal" in said.stdout, said.stderr
    assert pd.read_csv(folder / "analysis" / "persistence.small.csv")["persistence"].tolist()[:2] == [0.5, 0.5]


def test_an_experiment_of_several_points_is_nothing_to_compare_with(analysed):
    said = runs.sim("sensitivity", analysed[0].parent, "--no-figures", "--experiment", "reference", "--against",
                    "withdrawn")
    assert said.exit_code == 2 and "experiment 'withdrawn' has points: 9" in said.stderr
