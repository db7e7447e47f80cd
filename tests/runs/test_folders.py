"""Folders that strangers have made: what lies outside them is neither written, removed nor run."""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys

import pytest

from sim.base import files, plain_files, stored
from sim.base.errors import CorruptError, InputError, OutputError
from sim.experiments.sweep import load
from sim.runs import identity
from sim.runs.entries import line_of, read_lines
from tests.reliability.bench import here
from tests.samples import runs, sweeps

VICTIM = b"not to be touched"


@pytest.fixture
def victim(tmp_path):
    path = tmp_path / "victim.txt"
    path.write_bytes(VICTIM)
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """(sweep file, folder of the finished sweep)"""
    folder = tmp_path_factory.mktemp("sweep")
    file = sweeps.write(folder)
    with here():
        sweeps.finish(sweeps.job(file, folder / "out"))
    return file, folder / "out"


# -- lines of a manifest ------------------------------------------------------------------------------

@pytest.mark.parametrize("change", [
    {"path": "../victim.txt"}, {"path": "parts/main/../../../victim.txt"}, {"path": "sweep.json"}, {"path": 7},
    {"runs": [[0, 10**15]]}, {"runs": [[2, 1]]}, {"failed": [-1]}, {"experiment": "other"}, {"blocks": [3]}])
def test_a_line_that_leads_out_of_the_sweep_removes_nothing(finished, tmp_path, victim, change):
    file, _ = finished
    folder = _copied(finished, tmp_path)
    entry = read_lines(folder)[0]
    (folder / "manifest.jsonl").write_bytes(line_of(entry | change))
    said = runs.sim("sweep", file, "--out", folder, "-q")
    assert said.exit_code == 6 and "manifest.jsonl:1: not a line of this sweep" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert victim.read_bytes() == VICTIM and (folder / "sweep.json").exists()
    with pytest.raises(CorruptError, match="not a line"):
        load.table(folder)


@pytest.mark.parametrize("change", [{"order_of_scenarios": ["../../x"]}, {"order_of_scenarios": ["\ud800"]},
                                    {"points": 10**15}, {"points": 7}, {"replicates": True}, {"axes": []},
                                    {"order": [["reach"]]}])
def test_a_definition_that_no_sweep_has_is_corrupt_though_its_key_is_right(finished, tmp_path, change):
    folder = _copied(finished, tmp_path)
    content = json.loads((folder / "sweep.json").read_bytes())
    each = content["definition"]["experiments"]["main"]
    each |= change
    each["scenarios"] |= dict.fromkeys(each["order_of_scenarios"], each["scenarios"]["small"])
    content["key"] = identity.key_of(content["definition"])
    (folder / "sweep.json").write_text(json.dumps(stored.sealed(content)))
    said = runs.sim("sensitivity", folder, "-q", "--no-figures")
    assert said.exit_code in (4, 6) and len(said.stderr.splitlines()) == 1


def _copied(finished, tmp_path):
    return shutil.copytree(finished[1], tmp_path / "copy")


# -- ways of writing ----------------------------------------------------------------------------------

@pytest.mark.parametrize("name", [".lock", "log.txt", "results.nc.tmp", "results.nc", "parts", "figures"])
@pytest.mark.parametrize("way", ["link", "pipe"])
def test_what_is_no_file_of_ours_is_refused_in_one_line(tmp_path, victim, name, way):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).symlink_to(victim if way == "link" else tmp_path) if way == "link" else os.mkfifo(folder / name)
    said = runs.sim("run", runs.write_scenario(tmp_path), "--out", folder, "-q", "--no-figures")
    assert said.exit_code == 4 and len(said.stderr.splitlines()) == 1
    assert f"{folder / name}: it is a {way}; expected a file or a folder" in said.stderr
    assert victim.read_bytes() == VICTIM


@pytest.mark.parametrize("name", ["log.txt", ".lock"])
def test_a_file_with_a_name_elsewhere_is_not_added_to(tmp_path, victim, name):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).hardlink_to(victim)
    with pytest.raises(OutputError, match="it is a file with 2 names"), files.lock(files.open_folder(folder)):
        files.log(folder, "started")
    assert victim.read_bytes() == VICTIM


@pytest.mark.parametrize("way", [os.symlink, os.link])
def test_a_file_is_made_anew_where_something_has_its_name_already(tmp_path, victim, way):
    """What comes between looking the folder through and writing to it is not followed either."""
    for name in ("results.nc", "results.nc.tmp"):
        way(victim, tmp_path / name)
    files.write_bytes(tmp_path / "results.nc", b"ours")
    assert (tmp_path / "results.nc").read_bytes() == b"ours"
    assert victim.read_bytes() == VICTIM and not (tmp_path / "results.nc").is_symlink()


def test_folders_are_made_step_by_step_and_never_through_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sources").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="it is a link; expected a folder"):
        plain_files.made(tmp_path / "out", "sources", "base")
    for name in ("..", ".", "", "a/b", "/etc", "a\0b"):
        with pytest.raises(OutputError, match="cannot be the name of a file"):
            plain_files.made(tmp_path / "out", name)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_links_of_the_users_own_are_passed_over(tmp_path, victim):
    """The folder that is named may be a link, and other things may lie in it."""
    (tmp_path / "disk" / "notes").mkdir(parents=True)
    (tmp_path / "disk" / "notes" / "reading").symlink_to(victim)
    (tmp_path / "disk" / "thesis.docx").symlink_to(victim)
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    scenario = runs.write_scenario(tmp_path, runs.SCENARIO.replace("= 7", "= 1"))
    said = runs.sim("run", scenario, "--out", tmp_path / "out", "-q", "--no-figures")
    assert said.exit_code == 0, said.stderr


# -- compiled kernels ---------------------------------------------------------------------------------

ASK = "from sim.kernels.numerics import compiler; print(compiler.FOLDER)"


def _cache(base, umask=0o022):
    """The folder of compiled kernels that a new process uses with this base."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(base), "PYTHONPATH": str(runs.ROOT)}
    said = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True,
                          umask=umask)
    return said.stdout.strip()


def test_compiled_kernels_lie_in_a_folder_of_ones_own(tmp_path):
    folder = pathlib.Path(_cache(tmp_path, umask=0))
    assert folder.parent == tmp_path and stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("harm", ["open", "link", "exchangeable", "a file"])
def test_compiled_kernels_of_others_are_not_used(tmp_path, harm):
    folder = pathlib.Path(_cache(tmp_path))
    if harm == "open":
        folder.chmod(0o777)
    elif harm == "exchangeable":
        tmp_path.chmod(0o777)
    else:
        folder.rename(tmp_path / "planted")
        folder.symlink_to(tmp_path / "planted") if harm == "link" else folder.write_text("")
    assert _cache(tmp_path) == ""


def test_without_a_place_for_compiled_kernels_none_is_guessed(tmp_path):
    (tmp_path / "file").write_text("")
    assert _cache(tmp_path / "file" / "below") == ""


def test_a_folder_that_lost_its_sweep_between_two_looks_is_told_of_in_a_sentence(tmp_path):
    for look in (identity.shard_of, lambda folder: identity.file_of(folder, "sweep.toml")):
        with pytest.raises(InputError, match="there is no sweep in this folder; expected the folder of a sweep"):
            look(tmp_path)
