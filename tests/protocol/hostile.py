"""F1: commands in folders that a stranger has prepared; what lies outside them stays as it is."""

import contextlib
import json
import os
import shutil
import signal
import socket
import zlib
from unittest import mock

import comparisons
import runs
import sweeps

from protocol.bench import here
from sim import run as running
from sim.experiment import driver, identity
from sim.experiment import sweep as sweeping
from sim.experiment.store import line_of, read_lines

PATIENCE = 120                 # seconds for a command; a pipe that is opened waits for ever
FILES = {
    "run": [".lock", ".probe", ".probe.tmp", "log.txt", "manifest.json", "manifest.json.tmp", "results.nc",
            "results.nc.tmp", "resolved.toml", "scenario.toml.tmp", "summary.csv", "assumed.csv.tmp", "report.html",
            "report.zh.html.tmp", "parts/000000-000001.part.tmp", "figures/paths.en.svg", "figures/paths.en.svg.tmp"],
    "sweep": [".lock", "log.txt", "manifest.jsonl", "manifest.jsonl.tmp", "sweep.json", "sweep.json.tmp", "sweep.toml",
              "summary.json.tmp", "failed.csv", "results/main.parquet", "results/main.parquet.tmp",
              "parts/main/00000000-00000000.parquet.tmp", "scenarios/main.small.toml.tmp", "analysis/tornado.small.csv"],
    "compared": [".lock", "log.txt", "manifest.json", "comparison.json", "comparison.json.tmp", "levels.csv",
                 "report.html.tmp", "figures/ranked.en.svg.tmp", "sources/base/resolved.toml",
                 "sources/places.nc.tmp"]}
FOLDERS = {"run": ["parts", "figures"], "sweep": ["parts", "parts/main", "results", "scenarios", "analysis"],
           "compared": ["figures", "sources", "sources/base", "uncertainty"]}
COMMANDS = {
    "run": [["run", "small.toml", "--out", "{folder}", "-q", "--no-figures"], ["report", "{folder}"],
            ["run", "small.toml", "--out", "{folder}", "-q", "--force"],
            ["run", "small.toml", "--out", "{folder}", "-q", "--set", "time.end=2021-09-30", "--no-figures"],
            ["rerun", "{folder}", "--out", "{other}"], ["equilibria", "small.toml", "--out", "{folder}", "--starts", "0",
                                                        "-q"],
            ["compare", "{folder}", "small.toml", "--out", "{other}", "-q", "--no-figures", "--jobs", "1"]],
    "sweep": [["sweep", "study.toml", "--out", "{folder}", "-q"], ["sweep", "study.toml", "--out", "{folder}", "--status"],
              ["sweep", "study.toml", "--out", "{folder}", "-q", "--force"], ["sensitivity", "{folder}", "-q"],
              ["merge", "study.toml", "{folder}", "--out", "{other}", "-q"]],
    "compared": [["compare", "base.toml", "cut.toml", "--out", "{folder}", "-q", "--jobs", "1"], ["report", "{folder}"],
                 ["compare", "base.toml", "none.toml", "--out", "{folder}", "-q", "--jobs", "1", "--force"]]}
FILES["half"], FOLDERS["half"], COMMANDS["half"] = FILES["sweep"], FOLDERS["sweep"], COMMANDS["sweep"]
SHAPES = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "A"},
     "geometry": {"type": "Polygon", "coordinates": [[[9, 49], [11, 49], [11, 51], [9, 49]]]}}]}
PATHS = ["../../victims/victim.txt", "{victims}/victim.txt", "parts/../../../victims/victim.txt", "parts/main/..",
         "parts/main/../../../../victims/file.parquet", "sweep.json", "", ".", 7, None, ["parts"]]
RUNS = [[[0, 10**15]], [["a", "b"]], [[-5, 3]], [[3, 1]], [[0, 2], [1, 3]], {"0": 1}, [[0, True]], [[0.0, 1.0]]]


class Ground:
    """Sound folders of each kind, a scenario beside them, and victims outside that nothing may touch."""

    def __init__(self, folder):
        self.folder, self.victims, self.number = folder, folder / "victims", 0
        (folder / "work").mkdir(parents=True)
        _victims(self.victims)
        _settled(folder)

    def copy(self, kind):
        """A copy of the sound folder of a kind."""
        self.number += 1
        return shutil.copytree(self.folder / kind, self.folder / "work" / f"{kind}-{self.number}", symlinks=True)

    def untouched(self, act):
        """(result of an act, whether the victims and the scenario files are afterwards as they were)."""
        before = self._seen()
        result = act()
        return result, self._seen() == before

    def _seen(self):
        paths = [*self.victims.rglob("*"), *self.folder.glob("*.toml"), *(self.folder / "region").rglob("*")]
        return {path: (path.lstat().st_mode, path.lstat().st_mtime_ns,
                       path.read_bytes() if path.is_file() else b"") for path in paths}


def folders(bench, number):
    """So many folders, each with one thing that a stranger put there, and one command in each."""
    ground = Ground(bench.folder / "hostile")
    bench.note("F1", "a link, pipe, socket, file of two names or folder in the place of a file or folder, lines and names "
               "that lead elsewhere; run, report, rerun, compare, sweep, merge, sensitivity, equilibria: nothing outside "
               "is touched, and one line and exit 2, 4 or 6, or success", number,
               sum(not is_well(*each) for each in cases(ground, bench.rng, number)))


def cases(ground, rng, number):
    """Generator of (words, exit code, lines on stderr, whether all outside is as it was)."""
    with mock.patch.object(running, "processors", lambda: 1), here(), contextlib.chdir(ground.folder):
        for _ in range(number):
            kind = rng.choice(sorted(COMMANDS))
            folder, command = ground.copy(kind), rng.choice(COMMANDS[kind])
            words = rng.choice([_plant, _plant, _plant_folder, LIES[kind]])(ground, folder, kind, rng)
            other = ground.folder / "work" / f"other-{ground.number}"
            typed = [text.format(folder=folder, other=other) for text in command]
            said, untouched = ground.untouched(lambda typed=typed: said_by(typed))
            yield f"{words}: sim {' '.join(typed)}", *said, untouched
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(other, ignore_errors=True)


def is_well(words, code, lines, untouched):
    well = untouched and (code == 0 or code in (2, 4, 6) and len(lines) == 1)
    if not well:
        print(f"F1: {words}: exit {code}, {'' if untouched else 'TOUCHED, '}{lines[-3:]}", flush=True)
    return well


def said_by(typed):
    """Exit code and lines of stderr of a command, without its progress; what is no message of ours counts as 1."""
    try:
        with patience():
            said = runs.sim(*typed)
    except Exception as error:
        return 1, [f"{type(error).__name__}: {error}"]
    return said.exit_code, [line for line in said.stderr.splitlines() if not line.endswith("...")]


@contextlib.contextmanager
def patience():
    """TimeoutError inside after PATIENCE seconds, whatever waits."""
    def give_up(*_):
        raise TimeoutError("no end")
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _plant(ground, folder, kind, rng):
    """Something else in the place of a file."""
    return _put(folder / rng.choice(FILES[kind]), rng.choice(WAYS), ground.victims / "victim.txt")


def _plant_folder(ground, folder, kind, rng):
    """Something else in the place of a folder."""
    return _put(folder / rng.choice(FOLDERS[kind]), rng.choice([_link, _link, _pipe, _socket, _file]), ground.victims)


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
        (folder / "sweep.json").write_text(json.dumps(content))
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
    import hashlib

    content = json.loads((folder / "comparison.json").read_bytes())
    rng.choice(content["scenarios"])["name"] = rng.choice(["../../victims/folder", str(ground.victims), "..", "a/b", ""])
    (folder / "comparison.json").write_text(text := json.dumps(content))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["sha256"]["comparison.json"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return "a scenario that is called by a way out"


LIES = {"run": _plant, "sweep": _lies_of_lines, "half": _lies_of_lines, "compared": _lies_of_names}


def _victims(folder):
    """Files that commands would write, read or remove if they could be led here."""
    names = ["victim.txt", "file.parquet", "x.tmp", "a.en.svg", "paths.en.svg", "report.html", "000000-000001.part",
             "main/00000000-00000000.parquet", "folder/resolved.toml", "folder/x.csv", "base/resolved.toml",
             "small/inside.tmp"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"not to be touched: {zlib.crc32(name.encode())}")


def _settled(folder):
    """Scenarios, and the folders run, sweep, half (a sweep under way) and compared."""
    comparisons.write_all(folder)
    (folder / "region" / "basemap").mkdir()
    (folder / "region" / "basemap" / "districts.geojson").write_text(json.dumps(SHAPES))
    small = runs.SCENARIO.replace("= 7", "= 2").replace("2022-12-31", "2021-12-31").replace("= 900", "= 300")
    (folder / "small.toml").write_text(small.replace("2022-01-01", "2021-10-01"))
    for name in ("base.toml", "cut.toml", "none.toml"):
        path = folder / name
        path.write_text(path.read_text().replace("= 8", "= 2").replace("2023-12-31", "2021-12-31")
                        .replace("2022-04", "2021-04").replace("= 900", "= 300"))
    sweeps.write(folder, sweeps.SWEEP.replace('series = ["headquarters_in_zone"]\nmaps = ["rent"]\n', ""))
    with mock.patch.object(running, "processors", lambda: 1), contextlib.chdir(folder), here():
        for typed in (["run", "small.toml", "--out", "run", "-q", "--no-figures"],
                      ["sweep", "study.toml", "--out", "sweep", "-q"],
                      ["compare", "base.toml", "cut.toml", "--out", "compared", "-q", "--jobs", "1"]):
            said = runs.sim(*typed)
            assert said.exit_code == 0, said.output
    _half(folder)


def begin_run(folder, begun):
    """Leave a finished run as one of whose two replicates one is stored."""
    path = folder / "small.toml"
    with contextlib.chdir(folder):
        shutil.rmtree(begun)
        steps = running.run(runs.job(path, begun, chunk=1))
        next(steps), next(steps)
        steps.close()


def _half(folder):
    """The sweep after a step, in the folder half."""
    with mock.patch.object(driver, "MOST", 3), here():
        steps = sweeping.run(sweeps.job(folder / "study.toml", folder / "half"))
        for _ in range(4):
            next(steps)
        steps.close()
