"""A project with sound folders of each kind, to be spoilt copy by copy, and victims outside of them."""

import contextlib
import json
import shutil
import zlib
from unittest import mock

from sim.experiments.sweep import sweep as sweeping
from sim.runs import limits, run, sweep_runs
from tests.reliability.bench import here
from tests.samples import comparisons, runs, sweeps

SHAPES = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "A"},
     "geometry": {"type": "Polygon", "coordinates": [[[9, 49], [11, 49], [11, 51], [9, 49]]]}}]}


class Ground:
    """Sound folders of each kind, a scenario beside them, and victims outside that nothing may touch."""

    def __init__(self, folder, figures=True):
        self.folder, self.victims, self.number = folder, folder / "victims", 0
        (folder / "work").mkdir(parents=True)
        _victims(self.victims)
        _settled(folder, [] if figures else ["--no-figures"])

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


def _victims(folder):
    """Files that commands would write, read or remove if they could be led here."""
    names = ["victim.txt", "file.parquet", "x.tmp", "a.en.svg", "paths.en.svg", "report.html", "000000-000001.part",
             "main/00000000-00000000.parquet", "folder/resolved.toml", "folder/x.csv", "base/resolved.toml",
             "small/inside.tmp"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"not to be touched: {zlib.crc32(name.encode())}")


def _settled(folder, more):
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
    with mock.patch.object(limits, "processors", return_value=1), contextlib.chdir(folder), here():
        for typed in (["run", "small.toml", "--out", "run", "-q", *more],
                      ["sweep", "study.toml", "--out", "sweep", "-q"],
                      ["compare", "base.toml", "cut.toml", "--out", "compared", "-q", "--jobs", "1", *more]):
            said = runs.sim(*typed)
            assert said.exit_code == 0, said.output
    _half(folder)


def begin_run(folder, begun):
    """A run of whose two replicates one is stored, in the folder `begun`."""
    with contextlib.chdir(folder):
        steps = run.run(runs.job("small.toml", begun, chunk=1))
        next(step for step in steps if step[0])
        steps.close()


def _half(folder):
    """The sweep after a step, in the folder half."""
    with mock.patch.object(sweep_runs, "MOST", 3), here():
        steps = sweeping.run(sweeps.job(folder / "study.toml", folder / "half"))
        for _ in range(4):
            next(steps)
        steps.close()
