"""Fixtures that several files share."""

import pytest


@pytest.fixture(scope="session")
def evil_folders(tmp_path_factory):
    """Folders of a finished run and of a finished comparison with pages; every text tries to do harm."""
    from tests.samples import pages

    return {"run": pages.run_folder(tmp_path_factory.mktemp("run")),
            "comparison": pages.comparison_folder(tmp_path_factory.mktemp("comparison"))}
