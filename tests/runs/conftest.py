"""A small scenario and its finished run, and small sweeps: for all files of the room that look at them."""

import pytest

from sim.experiments.sweep import sweep as sweeping
from tests.samples import runs, sweeps


@pytest.fixture(scope="package")
def scenario(tmp_path_factory):
    return runs.write_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="package")
def undisturbed(scenario, tmp_path_factory):
    """Bytes of a run of the scenario on one thread in one chunk."""
    folder = tmp_path_factory.mktemp("undisturbed")
    runs.finish(runs.job(scenario, folder))
    return runs.content(folder)


@pytest.fixture(scope="package")
def finished(scenario, tmp_path_factory):
    """Folder of a finished run without figures."""
    folder = tmp_path_factory.mktemp("finished") / "small"
    assert runs.sim("run", scenario, "--out", folder, "--no-figures").exit_code == 0
    return folder


@pytest.fixture(scope="package")
def many(tmp_path_factory):
    """A sweep of 1,000 runs that are not to be simulated."""
    text = sweeps.SHORT.replace("replicates = 3", "replicates = 500").replace("[5, 15.0, 40]", "[5]")
    return sweeps.job(sweeps.write(tmp_path_factory.mktemp("many"), text), "unset")


@pytest.fixture(scope="package")
def reference(file, tmp_path_factory):
    """Content of a sweep that was done in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "_engine", lambda job, spec: sweeps.Here(spec.packed))
        folder = tmp_path_factory.mktemp("reference")
        sweeps.finish(sweeps.job(file, folder))
    return sweeps.content(folder)
