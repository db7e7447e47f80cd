"""What a sweep's folder holds the results of: every value that they depend on, and the key made of it."""

import hashlib
import json
import re

from sim import provenance, storage
from sim.errors import CorruptError, InputError, Problem
from sim.experiment.sections import MOST_RUNS
from sim.toml_source import dotted

FILE = "sweep.json"
SILENT = ("title", "title_zh", "description", "description_zh", "region")     # keys of a scenario that change no result
LONGEST = 60
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)            # of an experiment, as in the sweep's file


def definition(sweep):
    """Every value that the results depend on, as plain tables."""
    return {"schema": 1, "versions": provenance.versions(),
            "experiments": {each.name: _experiment(each) for each in sweep.experiments}}


def key_of(defined):
    """Equal keys mean equal results."""
    return hashlib.sha256(json.dumps(defined, sort_keys=True).encode()).hexdigest()


def read(folder):
    """(key, definition) of the sweep in a folder, None where there is none."""
    path = folder / FILE
    try:
        content = json.loads(path.read_bytes())
        defined = content["definition"]
        if content["key"] != key_of(defined):
            raise ValueError("its key is another")
        json.dumps(defined, ensure_ascii=False).encode()         # halves of characters are no text
        if not _is_sound(content):
            raise ValueError("it defines no sweep")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorruptError(f"{path}: not what was written ({error}); --force begins anew") from None
    return content["key"], defined


def sizes(folder):
    """Experiment -> number of its runs, of the sweep in a folder; nothing where there is none."""
    found = read(folder)
    return {name: each["points"] * each["replicates"] * len(each["order_of_scenarios"])
            for name, each in (found[1]["experiments"] if found else {}).items()}


def write(folder, defined, shard):
    """Write sweep.json."""
    text = json.dumps({"key": key_of(defined), "shard": list(shard), "definition": defined}, indent=1,
                      ensure_ascii=False, sort_keys=True)
    storage.write_bytes(folder / FILE, (text + "\n").encode("utf-8", "backslashreplace"))


def shard_of(folder):
    """(number, of how many) of the shard in a folder."""
    return tuple(json.loads((folder / FILE).read_bytes()).get("shard", (1, 1)))


def refuse_another(folder, found, defined):
    """InputError that names the keys in which a folder's sweep differs."""
    there, here = _flat(found), _flat(defined)
    keys = [key for key in sorted(there | here) if there.get(key) != here.get(key)]
    if keys:
        named = [f"{key} is {_short(there, key)} there and {_short(here, key)} now" for key in keys[:3]]
        more = [f"and {len(keys) - 3} more keys differ"] if len(keys) > 3 else []
        raise InputError(Problem(str(folder), "", "results of another sweep: " + "; ".join(named + more), "",
                                 "choose another --out, or --force to replace"))


def _is_sound(content):
    """Whether what a sweep.json says can be used: a stranger may have written it, key and all."""
    shard, experiments = content.get("shard", [1, 1]), content["definition"]["experiments"]
    return (_are(shard, int, 1) and len(shard) == 2 and shard[0] <= shard[1] and bool(experiments)
            and all(_NAME.fullmatch(name) and _is_experiment(each) for name, each in experiments.items())
            and sum(each["points"] * each["replicates"] * len(each["order_of_scenarios"])
                    for each in experiments.values()) <= MOST_RUNS)


def _is_experiment(each):
    names, axes = each["order_of_scenarios"], each["axes"]
    return (_are([each["points"], each["replicates"]], int, 1) and _are(each["order"], str) and _are(names, str, 1)
            and isinstance(each["design"], str) and isinstance(each["outputs"], dict)
            and all(isinstance(axes[axis], dict) for axis in each["order"])
            and all(isinstance(each["scenarios"][name], dict) for name in names))


def _are(values, kind, least=0):
    """Whether this is a list of values of a kind, numbers of at least `least` or so many texts."""
    if not isinstance(values, list) or any(type(value) is not kind for value in values):
        return False
    return len(values) >= least if kind is str else all(value >= least for value in values)


def _experiment(each):
    settings = each.settings
    said = {"design": settings.design, "points": each.points, "replicates": each.replicates,
            "axes": {axis.name: axis.described() for axis in each.axes},
            "order": [axis.name for axis in each.axes], "outputs": dict(each.kept),
            "scenarios": {base.label: _scenario(base) for base in each.bases},
            "order_of_scenarios": [base.label for base in each.bases]}
    if settings.design not in ("grid", "list"):
        said |= {"seed": settings.seed, "levels": settings.levels}
    if settings.design == "list":
        said["rows"] = _digest(each.columns)
    return said


def _scenario(base):
    tables = {key: value for key, value in base.scenario.tables().items() if key not in SILENT}
    tables["run"] = {key: value for key, value in tables["run"].items() if key != "replicates"}   # the sweep's
    named = {"region": base.region.name, "region_digest": base.region.digest}
    return json.loads(json.dumps(tables, default=str)) | named


def _digest(columns):
    said = hashlib.sha256()
    for name, column in columns.items():
        said.update(json.dumps([name, [str(value) for value in column.tolist()]]).encode())
    return said.hexdigest()


def _flat(value, path=()):
    if isinstance(value, dict) and value:
        return {key: leaf for name, inner in value.items()
                for key, leaf in _flat(inner, (*path, name)).items()}
    return {dotted(path): value}


def _short(flat, key):
    if key not in flat:
        return "not set"
    text = json.dumps(flat[key], ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
