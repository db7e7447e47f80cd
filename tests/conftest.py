"""Fixtures that several files share."""

import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
TOGETHER = [                   # whose modules make something dear once, for all their tests: one process does a module
    "experiments", "plots", "report", "results", "cli", "runs/test_run_command.py", "runs/test_sweep_engines.py",
    "scenario/test_short_horizons.py"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of some modules together when several processes share the work."""
    for item in items:
        if any(item.path.is_relative_to(HERE / place) for place in TOGETHER):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def evil_folders(tmp_path_factory):
    """Folders of a finished run and of a finished comparison with pages; every text tries to do harm."""
    from tests.samples import pages

    return {"run": pages.run_folder(tmp_path_factory.mktemp("run")),
            "comparison": pages.comparison_folder(tmp_path_factory.mktemp("comparison"))}
