"""Pages of runs and comparisons, the server of the live explorer, and a browser: for all files of the room."""

import pytest

from sim.experiments.explorer import opening
from sim.report.explorer import serving
from tests.samples import browser, explored


@pytest.fixture
def run_folder(evil_folders):
    return evil_folders["run"]


@pytest.fixture(params=["run", "comparison"])
def folder(request, evil_folders):
    return evil_folders[request.param]


@pytest.fixture(scope="package")
def asked(tmp_path_factory):
    return opening.asked([str(explored.files(tmp_path_factory.mktemp("served"))["cut"])])


@pytest.fixture(scope="package")
def server(asked):
    with serving.serving(asked, "en", replicates=4) as found:
        yield found


@pytest.fixture(scope="package")
def made(explored_grid):
    """The grid of a small explorer, simulated."""
    return explored_grid


@pytest.fixture(scope="package")
def pages_folder(made, tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="package")
def chromium():
    with browser.running() as found:
        yield found


@pytest.fixture
def fresh(chromium, made, pages_folder):
    """The English page, as it is first opened."""
    found = chromium.page(explored.page_of(made, pages_folder))
    found.until("window.explorer && explorer.answer")
    return found
