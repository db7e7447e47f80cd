"""What strangers put into folders: other things in the place of files and folders, and lies in manifests."""

import contextlib
import hashlib
import json
import os
import shutil
import socket

from sim.base import stored
from sim.runs import identity
from sim.runs.entries import line_of, read_lines

FILES = {
    "run": [".lock", ".probe", ".probe.tmp", "log.txt", "manifest.json", "manifest.json.tmp", "results.nc",
            "results.nc.tmp", "resolved.toml", "scenario.toml.tmp", "summary.csv", "assumed.csv.tmp", "report.html",
            "report.zh.html.tmp", "parts/000000-000001.part.tmp", "figures/paths.en.svg", "figures/paths.en.svg.tmp"],
    "sweep": [".lock", "log.txt", "manifest.jsonl", "manifest.jsonl.tmp", "sweep.json", "sweep.json.tmp", "sweep.toml",
              "summary.json.tmp", "failed.csv", "results/main.parquet", "results/main.parquet.tmp",
              "parts/main/00000000-00000000.parquet.tmp", "scenarios/main.small.toml.tmp",
              "analysis/tornado.small.csv"],
    "compared": [".lock", "log.txt", "manifest.json", "comparison.json", "comparison.json.tmp", "levels.csv",
                 "report.html.tmp", "figures/ranked.en.svg.tmp", "sources/base/resolved.toml",
                 "sources/places.nc.tmp"]}
FOLDERS = {"run": ["parts", "figures"], "sweep": ["parts", "parts/main", "results", "scenarios", "analysis"],
           "compared": ["figures", "sources", "sources/base", "uncertainty"]}
FILES["half"], FOLDERS["half"] = FILES["sweep"], FOLDERS["sweep"]
OUTWARD = ["../../victims/folder", "..", "a/b", ""]
PATHS = ["../../victims/victim.txt", "{victims}/victim.txt", "parts/../../../victims/victim.txt", "parts/main/..",
         "parts/main/../../../../victims/file.parquet", "sweep.json", "", ".", 7, None, ["parts"]]
RUNS = [[[0, 10**15]], [["a", "b"]], [[-5, 3]], [[3, 1]], [[0, 2], [1, 3]], {"0": 1}, [[0, True]], [[0.0, 1.0]]]


def file(ground, folder, kind, rng):
    """Something else in the place of a file."""
    return _put(folder / rng.choice(FILES[kind]), rng.choice(WAYS), ground.victims / "victim.txt")


def folder(ground, place, kind, rng):
    """Something else in the place of a folder."""
    return _put(place / rng.choice(FOLDERS[kind]), rng.choice([_link, _link, _pipe, _socket, _file]), ground.victims)


def _put(path, way, victim):
    with contextlib.suppress(FileExistsError, NotADirectoryError):
        path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    way(path, victim)
    return f"{path.name} is{way.__name__.replace('_', ' ')}"


def _link(path, victim):
    path.symlink_to(victim)


def _lost_link(path, victim):
    path.symlink_to(victim.with_name("to-be-made"))


def _second_name(path, victim):
    path.hardlink_to(victim)


def _pipe(path, victim):
    os.mkfifo(path)


def _socket(path, victim):
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):
        made.bind(path.name)


def _device(path, victim):
    path.symlink_to("/dev/zero")


def _folder(path, victim):
    path.mkdir()
    (path / "inside").write_text("x")


def _file(path, victim):
    path.write_text("no folder")


WAYS = [_link, _link, _lost_link, _second_name, _second_name, _pipe, _socket, _device, _folder]


def _lies_of_lines(ground, folder, kind, rng):
    """A manifest line, whole by its CRC, or a definition with its key, that names what is not the sweep's."""
    if rng.random() < 0.2:
        content = json.loads((folder / "sweep.json").read_bytes())
        each = content["definition"]["experiments"]["main"]
        each["order_of_scenarios"] = ["../../../victims/victim"]
        each["scenarios"] = dict.fromkeys(each["order_of_scenarios"], next(iter(each["scenarios"].values())))
        content["key"] = identity.key_of(content["definition"])
        (folder / "sweep.json").write_text(json.dumps(stored.sealed(content)))
        return "a scenario that is called ../../../victims/victim"
    entry = rng.choice(read_lines(folder))
    change = rng.choice([{"path": rng.choice(PATHS)}, {"path": rng.choice(PATHS)}, {"runs": rng.choice(RUNS)},
                         {"failed": rng.choice(RUNS)}, {"experiment": rng.choice(["", "..", 3])}, {"sha256": 1},
                         {"blocks": 5}])
    if isinstance(change.get("path"), str):
        change["path"] = change["path"].format(victims=ground.victims)
    (folder / "manifest.jsonl").write_bytes(line_of(entry | change))
    return f"a line that says {change}"


def _lies_of_names(ground, folder, kind, rng):
    """A comparison whose scenarios are called by a way out, with the hash of what is written."""
    content = json.loads((folder / "comparison.json").read_bytes())
    rng.choice(content["scenarios"])["name"] = rng.choice(OUTWARD + [str(ground.victims)])
    (folder / "comparison.json").write_text(text := json.dumps(content))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["sha256"]["comparison.json"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(stored.sealed(manifest)))
    return "a scenario that is called by a way out"


LIES = {"run": file, "sweep": _lies_of_lines, "half": _lies_of_lines, "compared": _lies_of_names}
