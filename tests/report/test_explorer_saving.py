"""Where a page of the explorer may be saved: nothing of the user's is replaced, which is known before anything runs."""

import pytest

from tests.samples import explored, runs


@pytest.mark.parametrize("name, content", [("cut.toml", None), ("notes.html", b"<!doctype html>\n<p>mine</p>")])
def test_a_file_that_is_no_page_of_the_explorer_stays(name, content, tmp_path, monkeypatch):
    explored.files(tmp_path)
    monkeypatch.chdir(tmp_path)
    if content:
        (tmp_path / name).write_bytes(content)
    before = (tmp_path / name).read_bytes()
    said = runs.sim("explore", "cut.toml", "--save", name, "--replicates", "2", "-q")
    assert said.exit_code == 2 and f"{name}: it already exists, and is no page of the explorer" in said.stderr
    assert (tmp_path / name).read_bytes() == before


def test_a_folder_is_no_page_and_is_refused_before_anything_runs(tmp_path, monkeypatch):
    explored.files(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    said = runs.sim("explore", "cut.toml", "--save", "pages", "--replicates", "2", "-q")
    assert said.exit_code == 2 and "pages: it is a folder; expected the name of a page" in said.stderr
    assert not (tmp_path / "pages.parts").exists()


def test_a_page_of_the_explorer_is_replaced(tmp_path, monkeypatch):
    explored.files(tmp_path)
    monkeypatch.chdir(tmp_path)
    for rate in ("5.0", "9.0"):
        said = runs.sim("explore", "cut.toml", "--save", "page.html", "--control", f"policies.tax.rate=15.0,{rate}",
                        "--replicates", "2", "-q", "--set", "time.end=2021-12-31")
        assert said.exit_code == 0, said.stderr
