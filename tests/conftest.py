"""Fixtures that several files share."""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (                   # whose modules make something dear once, for all their tests: one process does a module
    "tests/experiments/", "tests/plots/", "tests/report/", "tests/results/", "tests/cli/", "tests/front_door/",
    "tests/scenario/test_short_horizons", "tests/runs/test_run_command", "tests/runs/test_sweep_engines",
    "tests/base/test_plugins", "tests/docs/test_docs")


class ModulesInOnePlace(LoadScopeScheduling):
    """Hands out tests one by one, and the modules of TOGETHER as wholes, the largest first."""

    def _split_scope(self, nodeid):
        return nodeid.partition("::")[0] if nodeid.startswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ModulesInOnePlace(config, log)


@pytest.fixture(scope="session")
def evil_folders(tmp_path_factory):
    """Folders of a finished run and of a finished comparison with pages; every text tries to do harm."""
    from tests.samples import pages

    return {"run": pages.run_folder(tmp_path_factory.mktemp("run")),
            "comparison": pages.comparison_folder(tmp_path_factory.mktemp("comparison"))}
