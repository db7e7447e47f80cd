"""Fixtures that several files share."""

import os
import pathlib

import pytest
from xdist.scheduler import LoadScopeScheduling

APART = ("tests/verification/test_theorems",)       # dear by themselves, and nothing that they share
SHARING = {                                         # modules that ask for one fixture of the session or the room
    "evil_folders": ("tests/plots/test_comparison_plots", "tests/plots/test_comparison_findings",
                     "tests/report/test_brief", "tests/report/test_own_words", "tests/report/test_report",
                     "tests/results/test_integrity"),
    "served explorer": ("tests/report/test_explorer_server", "tests/report/test_explorer_live_page"),
    "small run": ("tests/runs/test_run_command", "tests/runs/test_run_exit_codes"),
    "small sweep": ("tests/runs/test_sweep_engines", "tests/runs/test_dask_cluster"),
    "explored_grid": ("tests/experiments/test_explorer", "tests/report/test_explorer_page")}


class ModulesInOnePlace(LoadScopeScheduling):
    """Hands out modules as wholes, for most make something dear once for all their tests, the largest first.

    Those of SHARING go to one process together. At the end, so that no process waits for another, come the tests of
    APART, one by one.
    """

    def _split_scope(self, nodeid):
        if nodeid.startswith(APART):
            return nodeid
        return next((name for name, modules in SHARING.items() if nodeid.startswith(modules)),
                    nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config, log):
    return ModulesInOnePlace(config, log)


@pytest.fixture(scope="session", autouse=True)
def _away_from_the_sources(tmp_path_factory):
    """Working folder of a test process: what a test writes by a relative path never lands among the sources."""
    away, before = tmp_path_factory.mktemp("away"), pathlib.Path.cwd()
    os.chdir(away)
    yield away
    os.chdir(before)


@pytest.fixture(autouse=True)
def _own_working_folder(_away_from_the_sources, tmp_path, monkeypatch):
    """Working folder of a test, so that none finds what another left; fixtures that stay in a folder keep it."""
    assert not os.listdir(_away_from_the_sources), "a fixture that tests share wrote by a relative path"
    if pathlib.Path.cwd() == _away_from_the_sources:
        monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def evil_folders(tmp_path_factory):
    """Folders of a finished run and of a finished comparison with pages; every text tries to do harm."""
    from tests.samples import pages

    return {"run": pages.run_folder(tmp_path_factory.mktemp("run")),
            "comparison": pages.comparison_folder(tmp_path_factory.mktemp("comparison"))}


@pytest.fixture(scope="session")
def explored_grid(tmp_path_factory):
    """The grid of a small explorer, simulated."""
    from tests.samples import explored

    return explored.designed(tmp_path_factory.mktemp("explored"))


@pytest.fixture(scope="session")
def zone():
    """The built-in region, which tests only read."""
    from sim.region import load as region_files

    return region_files.load("yrd-zone")


@pytest.fixture(scope="session")
def metros():
    """The region of metropolitan areas, which tests only read."""
    from sim.region import load as region_files

    return region_files.load("us-metros")


@pytest.fixture(scope="session")
def scenarios(tmp_path_factory):
    """Scenarios by name that have more or less of their past in common."""
    from tests.samples import pasts

    return pasts.scenarios_in(tmp_path_factory.mktemp("past"))


@pytest.fixture(scope="session")
def region(scenarios):
    """The made-up region of these scenarios."""
    from sim.model.preflight.validation import region_of

    return region_of(scenarios["base"])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Folder with the scenario files of a small comparison, and the files by name."""
    from tests.samples import comparisons

    folder = tmp_path_factory.mktemp("comparison")
    return folder, comparisons.write_all(folder)


@pytest.fixture(scope="session")
def file(tmp_path_factory):
    """The file of a small sweep, beside its scenario and region."""
    from tests.samples import sweeps

    return sweeps.write(tmp_path_factory.mktemp("study"))
