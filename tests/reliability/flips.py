"""S7: one bit of any file of a finished run, a comparison or a sweep is another."""

import collections
import contextlib
import hashlib
import json
import shutil

import sim
from sim.base import files as storage
from sim.base import provenance
from sim.base.errors import CorruptError
from sim.experiments.sensitivity import folder as analysis_folder
from sim.experiments.sweep import estimate, finish, load
from sim.experiments.sweep import sweep as sweeping
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import folder as comparison_folder
from sim.report import comparison_page, drawing, run_page
from sim.runs import identity
from tests.reliability.bench import here
from tests.samples import pages, sweeps

DETECTED, REPAIRED, HARMLESS, WRONG = "detected", "repaired", "without effect", "silently wrong"


def flips(bench, number):
    """Flip so many bits, each in a copy, and read everything: detected, repaired, or nothing that is read changes."""
    found = counted(folders(bench.folder / "flips"), bench.rng, number)
    words = ", ".join(f"{found[key]} {key}" for key in (DETECTED, REPAIRED, HARMLESS, WRONG))
    bench.note("S7", "one bit of any file of a finished run, comparison or sweep, or of an unfinished sweep: detected, "
               "repaired or without effect on any value read", number, found[WRONG], words)


def folders(place, run=None, comparison=None):
    """Kind -> folder of one finished run with figures, comparison, sweep, and unfinished sweep."""
    place.mkdir()
    for name in ("run", "comparison"):
        (place / f"of-{name}").mkdir()
    run = shutil.copytree(run or pages.run_folder(place / "of-run"), place / "run")
    _list_figures(run)
    comparison = comparison or pages.comparison_folder(place / "of-comparison")
    file = sweeps.write(place, sweeps.SHORT)
    with here():
        sweeps.finish(sweeps.job(file, place / "finished"))
        _left_early(sweeps.job(file, place / "unfinished"))
    return {"run": run, "comparison": shutil.copytree(comparison, place / "comparison"),
            "finished": place / "finished", "unfinished": place / "unfinished", "file": file}


def _list_figures(run):
    """Have a run's figures in its manifest, as `sim run` has when it draws them all."""
    drawn = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((run / "figures").iterdir())}
    storage.write_manifest(run, {**storage.read_manifest(run), "figures": list(drawn), "drawn": drawn,
                                 "drawn_by": dict.fromkeys(("en", "zh"), provenance.drawing())})


def _left_early(job):
    steps = sweeping.run(job)
    for _ in range(4):
        next(steps)
    steps.close()


def counted(whole, rng, number):
    """How many of so many flips end how."""
    sound = {kind: reader(whole[kind]) for kind, reader in READERS.items()}
    files = [(kind, path) for kind in READERS for path in sorted(whole[kind].rglob("*"))
             if path.is_file() and path.stat().st_size]
    found = collections.Counter()
    for _ in range(number):
        kind, path = rng.choice(files)
        with _flipped(path, rng) as where:
            how = _read(whole[kind], READERS[kind], sound[kind])
            if kind == "unfinished":
                how = _resumed(whole, how)
        found[how] += 1
        if how == WRONG:
            print(f"S7: silently wrong: {where} of {path}", flush=True)
    return found


@contextlib.contextmanager
def _flipped(path, rng):
    """A file with another bit, for a while; which one."""
    sound, bit = path.read_bytes(), rng.randrange(8)
    place = rng.randrange(len(sound))
    path.write_bytes(sound[:place] + bytes([sound[place] ^ (1 << bit)]) + sound[place + 1:])
    try:
        yield f"bit {bit} of byte {place}"
    finally:
        path.write_bytes(sound)


def _read(folder, reader, sound):
    try:
        return HARMLESS if reader(folder) == sound else WRONG
    except CorruptError:
        return DETECTED
    except FiguresDiffer:
        return REPAIRED


def _resumed(whole, how):
    """How it ends if the unfinished sweep is gone on with, in a copy, after it was read."""
    folder = shutil.copytree(whole["unfinished"], whole["unfinished"].with_name("resumed"))
    try:
        with here():
            sweeps.finish(sweeps.job(whole["file"], folder))
        same = sweeps.content(folder) == sweeps.content(whole["finished"])
        return WRONG if not same else REPAIRED if how == DETECTED else how
    except CorruptError:
        return how if how == DETECTED else WRONG
    finally:
        shutil.rmtree(folder)


class FiguresDiffer(Exception):
    """Figures are not as they were drawn; `sim report` draws them again."""


def of_run(folder):
    """All that is read of a run: its dataset and both pages."""
    said = storage.read_manifest(folder)
    if drawing.undrawn(folder, said, ("en", "zh")):
        raise FiguresDiffer
    data = sim.load(folder)
    return _digest(data), [repr(run_page.content(folder, said, data, lang)) for lang in ("en", "zh")]


def of_comparison(folder):
    """All that is read of a comparison: its tables and both pages, with figures as they are drawn anew."""
    compared, manifest = comparison_data.load(folder), comparison_folder.finished(folder)
    tables = {name: table.to_csv() for name, table in compared.tables.items()}
    said = [{key: repr(value) for key, value in comparison_page.content(folder, manifest, compared, lang).items()
             if key != "pictures"} for lang in ("en", "zh")]
    return _digest(compared.places), tables, said, json.dumps(compared.content)


def of_sweep(folder):
    """All that is read of a sweep: its rows, where it stands, its summary and its names."""
    rows = {name: load.frame(folder, name).to_csv() for name in load.experiments(folder)}
    defined = identity.read(folder)[1]["experiments"]
    titles = [analysis_folder._titles(folder),
              *(identity.file_of(folder, f"scenarios/{name}.{label}.toml").read_bytes()
                for name, each in defined.items() for label in each["order_of_scenarios"])]
    return rows, defined, titles, estimate.status(folder), finish.read_summary(folder), load.failures(folder).to_csv()


def _digest(data):
    """Hash of all values, labels and attributes of a dataset."""
    said = hashlib.sha256(json.dumps(data.attrs, default=str).encode())
    for name, variable in data.variables.items():
        said.update(f"{name} {variable.dtype} {variable.dims} {variable.shape} {variable.attrs}".encode())
        said.update(variable.values.tobytes())
    return said.hexdigest()


READERS = {"run": of_run, "comparison": of_comparison, "finished": of_sweep, "unfinished": of_sweep}
