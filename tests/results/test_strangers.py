"""What a stranger puts into a folder of results is refused in a line, not opened, not waited for."""

import os
import shutil

import h5py
import numpy as np
import pytest

import sim
from sim.base import files
from sim.base.errors import CorruptError, OutputError
from tests.reliability import flips
from tests.samples import runs
from tests.samples.forged import certify, is_refused


def _external_link(file, secret):
    file["link"] = h5py.ExternalLink(str(secret), "/rent")


def _soft_link(file, secret):
    file["link"] = h5py.SoftLink("/rent")


def _external_storage(file, secret):
    file.create_dataset("stolen", (16,), "u1", external=[(str(secret), 0, 16)])


def _virtual(file, secret):
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource(str(secret), "rent", (4,))
    file.create_virtual_dataset("stolen", layout)


def _filtered(file, secret):
    file.create_dataset("odd", data=np.arange(8), chunks=(8,), compression="lzf")


def _objects(file, secret):
    file.create_dataset("odd", (3,), dtype=h5py.vlen_dtype(np.int32))


def _references(file, secret):
    file.create_dataset("odd", (3,), dtype=h5py.ref_dtype)


def _bomb(file, secret):
    file.create_dataset("huge", (100_000_000_000,), "f8", chunks=(1000,))


def _unfilled(file, secret):
    file.create_dataset("huge", (1_000_000,), "f8", chunks=(1000,))


def _group(file, secret):
    file.create_group("inner")


HOSTILE = [_external_link, _soft_link, _external_storage, _virtual, _filtered, _objects, _references, _bomb, _unfilled,
           _group]


@pytest.mark.parametrize("harm", HOSTILE, ids=lambda harm: harm.__name__.strip("_"))
def test_a_file_of_results_that_leads_elsewhere_is_not_opened(run, tmp_path, harm):
    secret = tmp_path / "secret"
    shutil.copy(run / "results.nc", secret)
    with h5py.File(run / "results.nc", "a") as file:
        harm(file, secret)
    certify(run, "results.nc")
    with pytest.raises(CorruptError, match="results.nc"):
        sim.load(run)
    assert is_refused(runs.sim("report", run), "results.nc")
    shutil.move(run / "results.nc", tmp_path / "lone.nc")
    with pytest.raises(CorruptError, match="lone.nc"):
        sim.load(tmp_path / "lone.nc")


@pytest.mark.parametrize("said", [
    {"replicates": 10**15}, {"replicates": "many"}, {"replicates": None}, {"seed": []}, {"files": "x"},
    {"files": [1]}, {"sha256": {"results.nc": 7}}, {"sha256": {"../../x": "0" * 64}}, {"versions": {"numpy": {}}},
    {"title_en": {}}, {"title_zh": None}, {"figures": ["../../../etc/passwd"]}, {"evidence": {"parameters": 3}},
    {"evidence": {"parameters": {}, "region": {}, "warnings": [{"text": 1}]}}, {"status": 1}, {"warnings": 3},
    {"schema": 3}, {"key": None}, {"processor": "none"}])
def test_a_manifest_of_odd_values_is_refused_in_a_line(run, said):
    path = run / "manifest.json"
    files.write_json(path, {**files.read_manifest(run), **said})
    for command in ("report", "rerun"):
        assert is_refused(runs.sim(command, run), "manifest.json")
    with pytest.raises(CorruptError, match="manifest.json"):
        sim.load(run)


@pytest.mark.parametrize("raw", [b"[" * 100_000, b"{}", b"[]", b"null", b"1" * 10_000, b"\xff\xfe", b""],
                         ids=["deep", "empty", "list", "null", "long", "bytes", "nothing"])
def test_a_manifest_that_is_none_is_refused_in_a_line(run, raw):
    (run / "manifest.json").write_bytes(raw)
    assert is_refused(runs.sim("report", run), "manifest.json")


def test_a_huge_manifest_is_not_read(run):
    with open(run / "manifest.json", "ab") as file:
        file.truncate(2**40)
    assert is_refused(runs.sim("report", run), "manifest.json")


@pytest.mark.parametrize("name", ["manifest.json", "results.nc", "summary.csv", "assumed.csv", "resolved.toml"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(run, name):
    (run / name).unlink()
    os.mkfifo(run / name)
    said = runs.sim("report", run)
    assert said.exit_code == 4 and len(said.stderr.splitlines()) == 1 and f"{name}: it is a pipe" in said.stderr


@pytest.mark.parametrize("name", ["sweep.json", "manifest.jsonl", "results/*.parquet", "summary.json"])
def test_a_pipe_in_place_of_a_file_of_a_sweep_is_not_waited_for(swept, name):
    path = next(swept["whole"].glob(name))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OutputError, match=f"{path.name}: it is a pipe"):
        flips.of_sweep(swept["whole"])


@pytest.mark.parametrize("name", ["manifest.json", "results.nc", "summary.csv"])
def test_a_folder_in_place_of_a_file_is_corrupt(run, name):
    (run / name).unlink()
    (run / name).mkdir()
    assert is_refused(runs.sim("report", run), name)


@pytest.mark.parametrize("name", ["sweep.json", "manifest.jsonl"])
def test_a_folder_in_place_of_a_file_of_a_sweep_is_corrupt(swept, name):
    (swept["whole"] / name).unlink()
    (swept["whole"] / name).mkdir()
    with pytest.raises(CorruptError, match=name):
        flips.of_sweep(swept["whole"])


@pytest.mark.parametrize("said", [{"runs": [[0, 10**15]]}, {"runs": [[5]]}, {"runs": "all"}, {"failed": [10**15]},
                                  {"path": 3}, {"sha256": ""}, {"blocks": 4}, {"blocks": "0" * 64},
                                  {"runs": [[0, 1, 2]]}])
def test_a_line_of_odd_values_is_refused(swept, said):
    from sim.runs.entries import line_of, read_lines
    entry = read_lines(swept["whole"])[0]
    (swept["whole"] / "manifest.jsonl").write_bytes(line_of({**entry, **said}))
    for command in (["sweep", swept["file"], "--status", "--out", swept["whole"]], ["sensitivity", swept["whole"]]):
        assert is_refused(runs.sim(*command), "manifest.jsonl")


def test_a_definition_of_more_runs_than_there_can_be_is_refused(swept):
    from sim.runs import identity
    _, defined = identity.read(swept["whole"])
    next(iter(defined["experiments"].values()))["points"] = 10**9
    identity.write(swept["whole"], defined, (1, 1), {})
    assert is_refused(runs.sim("sweep", swept["file"], "--status", "--out", swept["whole"]), "sweep.json")
