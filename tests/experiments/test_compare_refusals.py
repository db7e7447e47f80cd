"""What `sim compare` refuses, and names from files that try to do harm."""


import pytest

from tests.samples import comparisons


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Folder with the scenario files, and the files by name."""
    folder = tmp_path_factory.mktemp("comparison")
    return folder, comparisons.write_all(folder)


# -- what must be exact --------------------------------------------------------------------------------

@pytest.mark.parametrize("share", ["1", "0", "-0.1", "nan"])
def test_an_outside_share_at_which_no_entrant_comes_is_refused_in_one_sentence(place, share, tmp_path):
    files = place[1]
    found = comparisons.compare(files["base"], files["cut"], "--leakage-over", share, "--out", tmp_path / "none")
    errors = [line for line in found.stderr.splitlines() if not line.startswith("warning: ")]
    assert (found.exit_code, len(errors)) == (2, 1)
    assert "--leakage-over: an outside share of" in found.stderr and "at 1 no entrant comes" in found.stderr


def test_an_outside_share_that_asks_for_more_entrants_than_there_can_be_is_refused(place, tmp_path):
    files = place[1]
    found = comparisons.compare(files["base"], files["cut"], "--leakage-over", "0.999", "--out", tmp_path / "none")
    assert found.exit_code == 2 and "potential entrants a year and candidate" in found.stderr


# -- strings from files -------------------------------------------------------------------------------------

def test_names_from_files_are_inert(place, monkeypatch):
    folder, files = place
    monkeypatch.chdir(folder)
    text = files["cut"].read_text().replace('title = "Tax cut"', 'title = "=1+1 \\u202egnp"').replace(
        "[policies.tax]", '[policies."=cmd"]')
    (folder / "nasty.toml").write_text(text)
    found = comparisons.compare(files["base"], folder / "nasty.toml", "--replicates", 2, "--out", "nasty")
    assert found.exit_code == 0, found.stderr
    assert "\u202e" not in found.stderr + found.stdout
    assert "'=cmd" in (folder / "outputs" / "nasty" / "assumed.csv").read_text()


# -- bad input ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "said"), [
    ("[time]\nend = 2022-12-31\n", "time.end: it is 2022-12-31 in other"),
    ("[time]\nstart = 2020-01-01\n", "time.start"), ("[run]\nseed = 3\n", "run.seed: it is 3 in other"),
    ("[run]\nreplicates = 5\n", "run.replicates: it is 5 in other"),
    ('region = "elsewhere"\n', "region: it is synthetic-8-4 in other"),
])
def test_what_cannot_be_paired_is_refused_with_key_and_line(place, change, said, tmp_path):
    folder, files = place
    other = folder / "other.toml"
    other.write_text(f'extends = "base.toml"\n{change}')
    found = comparisons.compare(files["base"], other, "--out", tmp_path / "none")
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
    assert "other.toml:" in found.stderr
    assert not (tmp_path / "none").exists()
