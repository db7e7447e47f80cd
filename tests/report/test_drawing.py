"""Figures of a run that are there already: kept if this program drew them, else drawn again."""

import hashlib
import shutil

import pytest

from sim.base import files as storage
from sim.base import provenance
from sim.report import drawing
from tests.samples import runs

OLD = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A run with the figures and the page of one language."""
    folder = tmp_path_factory.mktemp("drawn")
    path = runs.write_scenario(folder, runs.SCENARIO.replace("= 900", "= 500"))
    assert runs.sim("run", path, "--out", folder / "out", "--lang", "en", "-q").exit_code == 0
    return folder / "out"


@pytest.fixture
def folder(drawn, tmp_path):
    return shutil.copytree(drawn, tmp_path / "out")


def _old(folder, *names, by):
    """Figures as another program drew them, listed with their hashes."""
    said = storage.read_manifest(folder)
    listed = dict(said["drawn"])
    for name in names:
        (folder / "figures" / name).write_bytes(OLD)
        listed[name] = hashlib.sha256(OLD).hexdigest()
    storage.write_manifest(folder, {**said, "drawn": listed, "figures": list(listed), "drawn_by": by})


@pytest.mark.parametrize("by", [{"en": "0123456789abcdef"}, {}])
def test_figures_of_another_program_are_drawn_again(folder, by):
    before = (folder / "figures" / "paths.en.svg").read_bytes()
    _old(folder, "paths.en.svg", by=by)
    drawing.redraw(folder, ("en",))
    assert (folder / "figures" / "paths.en.svg").read_bytes() == before
    assert storage.read_manifest(folder)["drawn_by"] == {"en": provenance.drawing()}


def test_figures_of_this_program_are_kept_and_so_are_other_languages(folder):
    times = {path: path.stat().st_mtime_ns for path in (folder / "figures").iterdir()}
    drawing.redraw(folder, ("en", "zh"))
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert storage.read_manifest(folder)["drawn_by"] == dict.fromkeys(("en", "zh"), provenance.drawing())


def test_a_figure_that_is_drawn_no_more_is_on_no_page(folder):
    _old(folder, "shares_ring.en.svg", "paths.en.svg", by={"en": "another"})
    (folder / "figures" / "mine.en.svg").write_bytes(OLD)
    drawing.redraw(folder, ("en",))
    there = {path.name for path in (folder / "figures").iterdir()}
    assert there == {*storage.read_manifest(folder)["figures"], "mine.en.svg"}
