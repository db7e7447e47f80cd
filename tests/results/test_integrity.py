"""What is stored is what was computed, and what is read is what was stored."""

import json
import random
import shutil
from unittest import mock

import h5py
import numpy as np
import pytest
import xarray as xr

import sim
from sim.base import files
from sim.base.errors import CorruptError, InputError, OutputError
from sim.experiments.sweep import load
from sim.results import dataset
from tests.reliability import flips
from tests.reliability.bench import here
from tests.samples import runs, sweeps
from tests.samples.forged import certify, is_refused, pretend

# -- what is written ------------------------------------------------------------------------------------

@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x"),
                                   lambda path: path.write_bytes(b"")], ids=["removed", "overwritten", "emptied"])
@pytest.mark.parametrize("name", ["results.nc", pytest.param("summary.csv", marks=pytest.mark.slow)])
def test_a_run_whose_results_go_as_they_are_written_is_never_complete(finished, tmp_path, name, spoil):
    given = runs.job(finished.parent / "small.toml", tmp_path / "out", "run.replicates=1")
    write = files.write_bytes

    def onto_a_bad_disk(path, content):
        write(path, content)
        if path.name == name:
            spoil(path)

    with mock.patch.object(files, "write_bytes", onto_a_bad_disk), pytest.raises(OutputError, match=name):
        runs.finish(given)
    assert files.read_manifest(given.folder)["status"] != "complete"
    runs.finish(given)
    assert sim.load(given.folder).sizes["member"] == 1


def test_a_run_whose_results_go_before_it_ends_does_not_end_well(finished, tmp_path):
    given = runs.job(finished.parent / "small.toml", tmp_path / "out", "run.replicates=1")
    write = files.write_manifest

    def after_them(folder, content):
        write(folder, content)
        (folder / "results.nc").unlink(missing_ok=True)

    with mock.patch.object(files, "write_manifest", after_them), pytest.raises(OutputError, match="results.nc"):
        runs.finish(given)
    assert runs.finish(given)
    assert (given.folder / "results.nc").exists()


def test_a_manifest_without_a_hash_certifies_nothing(run):
    (run / "results.nc").unlink()
    pretend(run, sha256={**files.read_manifest(run)["sha256"], "results.nc": ""})
    assert is_refused(runs.sim("report", run), "results.nc")
    with pytest.raises((CorruptError, InputError), match="results.nc"):
        sim.load(run)


@pytest.mark.slow
def test_every_variable_has_a_checksum_that_any_reader_of_netcdf_compares(finished, tmp_path):
    with h5py.File(finished / "results.nc") as file:
        variables = {name: item for name, item in file.items() if item.id.get_storage_size()}
        assert all(item.fletcher32 for item in variables.values())
        places = {name: item.id.get_chunk_info(0) for name, item in variables.items()}
        kinds = {(item.dtype.str[:2], item.ndim, item.compression): name for name, item in variables.items()}
    sound = (finished / "results.nc").read_bytes()
    with xr.open_dataset(finished / "results.nc", engine="h5netcdf") as plain:
        assert set(plain.variables) == set(places)
    lone = tmp_path / "lone.nc"
    for name, chunk in ((name, places[name]) for name in kinds.values()):           # one of each kind
        at = chunk.byte_offset + chunk.size // 2
        lone.write_bytes(sound[:at] + bytes([sound[at] ^ 4]) + sound[at + 1:])
        with pytest.raises(CorruptError, match="lone.nc"):
            sim.load(lone)
        with pytest.raises((OSError, RuntimeError)), xr.open_dataset(lone, engine="h5netcdf") as plain:
            plain[name].load()


# -- what is read ---------------------------------------------------------------------------------------

@pytest.mark.slow
def test_thirty_flipped_bits_are_noticed_or_change_nothing_that_is_read(evil_folders, tmp_path):
    whole = flips.folders(tmp_path / "flips", evil_folders["run"], evil_folders["comparison"])
    found = flips.counted(whole, random.Random(11), 30)
    assert found[flips.WRONG] == 0
    assert found[flips.DETECTED] and found[flips.REPAIRED]


@pytest.mark.parametrize("name", ["results.nc", "summary.csv", "assumed.csv", "resolved.toml"])
def test_a_page_is_not_drawn_from_a_file_that_was_changed(run, name):
    content = (run / name).read_bytes()
    at = len(content) // 2
    (run / name).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
    pretend(run, figures=["paths.en.svg"], drawn={})
    (run / "figures").mkdir()
    (run / "figures" / "paths.en.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert is_refused(runs.sim("report", run), name)


@pytest.mark.parametrize("command", ["rerun", "compare", "report"])
def test_commands_end_with_6_on_changed_results(run, command, tmp_path):
    with open(run / "results.nc", "ab") as file:
        file.write(b"x")
    other = [run.parent / "other"] if command == "compare" else []
    for folder in other:
        shutil.copytree(run, folder)
    with pytest.raises(CorruptError, match="results.nc"):
        sim.load(run)
    assert is_refused(runs.sim(command, run, *other), "results.nc")


def test_results_without_a_manifest_load_with_a_warning(run):
    (run / "manifest.json").unlink()
    with pytest.warns(UserWarning, match="no manifest.json beside it") as said:
        data = sim.load(run)
    assert data.sizes["member"] == 2 and said[0].filename == __file__


def test_a_page_of_a_comparison_is_not_drawn_from_a_table_that_was_changed(evil_folders, tmp_path):
    for name in ("effects.csv", "comparison.json", "sources/places.nc", "sources/second/assumed.csv"):
        folder = shutil.copytree(evil_folders["comparison"], tmp_path / name.replace("/", "-"))
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        with pytest.raises(CorruptError, match=name):
            flips.of_comparison(folder)


def test_a_changed_line_of_a_sweep_is_told_and_never_fewer_rows(swept):
    for name in ("left", "whole"):
        path = swept[name] / "manifest.jsonl"
        sound, rows = path.read_bytes(), len(load.frame(swept[name]))
        for at in range(0, len(sound), 7):
            path.write_bytes(sound[:at] + bytes([sound[at] ^ 2]) + sound[at + 1:])
            with pytest.raises(CorruptError, match="manifest.jsonl"):
                load.frame(swept[name])
        path.write_bytes(sound[:-1] + b"\x0b")                            # the last end of a line
        assert is_refused(runs.sim("sweep", swept["file"], "--status", "--out", swept[name]), "manifest.jsonl")
        with pytest.raises(CorruptError):
            sim.load(swept[name])
        for torn in (sound[:-1], sound + sound[:40]):                     # kills while a line was written
            path.write_bytes(torn)
            assert len(load.frame(swept[name])) == rows


def test_a_changed_file_of_a_sweep_is_told_and_mended_by_going_on(swept):
    for name, pattern in (("left", "parts/*/*.parquet"), ("whole", "results/*.parquet")):
        path = next(swept[name].glob(pattern))
        content = path.read_bytes()
        path.write_bytes(content[:-20] + bytes([content[-20] ^ 1]) + content[-19:])     # in the file's own description
        with pytest.raises(CorruptError, match=path.name):
            sim.load(swept[name])
        with here():
            sweeps.finish(sweeps.job(swept["file"], swept[name]))
    assert sweeps.content(swept["left"]) == sweeps.content(swept["whole"])


def test_a_changed_summary_of_a_sweep_is_told_and_written_again(swept):
    path = swept["whole"] / "summary.json"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b'"failed": 0', b'"failed": 1'))
    assert is_refused(runs.sim("sweep", swept["file"], "--status", "--out", swept["whole"]), "summary.json")
    with here():
        sweeps.finish(sweeps.job(swept["file"], swept["whole"]))
    assert json.loads(path.read_bytes())["failed"] == 0


def test_folders_of_the_version_before_are_read_as_they_were(run, tmp_path):
    data = sim.load(run)
    plain = data.copy()
    for variable in plain.variables.values():
        variable.encoding.clear()
    plain.to_netcdf(run / "results.nc", engine="h5netcdf")                 # texts of any length, no checksums
    certify(run, "results.nc")
    said = json.loads((run / "manifest.json").read_text())
    for key in ("digest", "processor"):
        said.pop(key)
    said["sha256"].pop("resolved.toml")
    (run / "manifest.json").write_text(json.dumps(said))
    old = sim.load(run)
    xr.testing.assert_identical(old, data)
    assert {name: item.dtype for name, item in old.variables.items()} == {
        name: item.dtype for name, item in data.variables.items()}
    again = runs.sim("rerun", run)
    assert again.exit_code == 0 and "identical in every value, in files of another layout" in again.stdout


# -- another processor ----------------------------------------------------------------------------------

def test_a_rerun_on_another_processor_compares_counts_exactly_and_numbers_closely(run, tmp_path):
    process = runs.shell("rerun", run, "--out", tmp_path / "again", NPY_DISABLE_CPU_FEATURES=_wide_instructions())
    said, wrong = process.communicate()
    assert process.returncode == 0, wrong
    first, second = (files.read_manifest(folder) for folder in (run, tmp_path / "again"))
    assert first["processor"] != second["processor"]
    same = first["sha256"]["results.nc"] == second["sha256"]["results.nc"]
    assert said.startswith("identical" if same else "the same on another processor (numpy ")


@pytest.mark.parametrize("name, change, much, known", [
    pytest.param(*case, known, id="-".join([*map(str, case), "another processor" if known else "no record"]),
                 marks=pytest.mark.slow if case[2] and not known else ())     # refused for both reasons
    for case in (("rent", 1e-12, False), ("rent", 1e-6, True), ("headquarters", 1, True)) for known in (True, False)])
def test_what_a_rerun_lets_pass_on_another_processor(run, tmp_path, known, name, change, much):
    data = sim.load(run)
    values = data[name].values
    data[name] = data[name].copy(data=values * (1 + change) if values.dtype.kind == "f" else values + change)
    (run / "results.nc").write_bytes(dataset.netcdf_of(data))
    certify(run, "results.nc")
    pretend(run, processor={"name": "another", "numpy": "X86_V2"} if known else {})
    said = runs.sim("rerun", run, "--out", tmp_path / "again")
    if much or not known:
        assert is_refused(said, f"{name} of results.nc")
    else:
        assert said.exit_code == 0 and "the same on another processor (name another there" in said.stdout


def _wide_instructions():
    """What numpy uses here beyond its least, as the environment variable that switches it off names it."""
    return " ".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
