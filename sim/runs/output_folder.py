"""Whose results an output folder holds, and what a command may replace there.

Results say what they are (kind) and what they were made of (key). A command goes on in a folder of its own kind and
key. It refuses every other one, and a folder in which a file of the user's has the name of one that it would write.
With --force results go, and of the user's files those of these names alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from sim.base import files, plain_files, provenance, stored
from sim.base.errors import CorruptError, InputError, OutputError, Problem
from sim.base.messages import Message, _, joined
from sim.config.differences import flat, told
from sim.results.run_folder import RESOLVED
from sim.runs import identity
from sim.runs.entries import LINES

RUN, SWEEP, ANALYSIS, COMPARISON, BACKTEST = "run", "sweep", "analysis", "comparison", "back-test"
ESTIMATION, TARGETS, EQUILIBRIA, SEARCH = "estimation", "targets", "equilibria", "search"
NAMED = {RUN: _("a run"), SWEEP: _("a sweep"), ANALYSIS: _("an analysis of a sweep"), COMPARISON: _("a comparison"),
         BACKTEST: _("a back-test"), ESTIMATION: _("an estimation"), TARGETS: _("a comparison with targets"),
         EQUILIBRIA: _("a search for equilibria"), SEARCH: _("a search for the smallest policy")}
REMEDY = _("choose another --out, or --force to replace")
EARLIER = {"scenario_digest": RUN, "firms_sha256": ESTIMATION, "equilibria": EQUILIBRIA}   # keys, without a kind
PAGES = ("report.html", "report.zh.html", "figures/*.en.*", "figures/*.zh.*")
PARTS = ("parts/*", "parts/*/*")       # all that is there: it goes when a result is finished
OF_RUN = ("results.nc", "summary.csv", "assumed.csv", "ledger.csv", RESOLVED, "scenario.toml", *PARTS, *PAGES)
OF_SWEEP = ("sweep.toml", LINES, "summary.json", "failed.csv", *PARTS, "results/*")
FOLDERS = ("parts/*", "parts", "results", "scenarios")
LARGEST = 2**27                # bytes of what a result says of itself


class Request(NamedTuple):
    """What a command is asked for."""

    kind: str
    made_of: Mapping[str, Any]     # name -> plain value, SHA-256 of what is long, or such a mapping
    files: tuple[str, ...]         # that it writes, by name or pattern
    keeps: bool = False            # whether unfinished work is kept
    same: Mapping[str, bytes] = {}     # files that may be there already with this content

    @property
    def key(self) -> str:
        return digest_of([self.made_of, provenance.versions()])


def digest_of(said: object) -> str:
    """SHA-256 of a value as JSON has it."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode("utf-8", "backslashreplace")).hexdigest()


@contextlib.contextmanager
def claimed(folder: str | os.PathLike[str], request: Request, force: bool = False) -> Iterator[Path]:
    """The folder, locked; InputError if it holds another's results, of which nothing stays with `force`."""
    path = files.open_folder(Path(folder))
    with files.lock(path):
        if not force:
            refuse_another(path, request)
        elif _read(path).get("key") != request.key:
            clear(path, request.files)
        if request.keeps and not _is_of(path, request):
            _write(path, request, "running", {}, {})
        yield path


def finish(folder: Path, request: Request, **more: object) -> None:
    """Write manifest.json: what the results are, what they were made of, and the hashes of their files."""
    paths = [folder / name for name in request.files if not set(name) & set("*?") and name not in PAGES]
    _write(folder, request, "complete", {path.name: stored.sha256(path) for path in paths if path.exists()}, more)


def _write(folder: Path, request: Request, status: str, hashes: Mapping[str, str], more: Mapping[str, object]) -> None:
    files.write_manifest(folder, {"kind": request.kind, "status": status, "key": request.key,
                                  "made_of": dict(request.made_of), "versions": provenance.versions(), **more,
                                  "sha256": hashes})


def refuse_another(folder: Path, request: Request) -> None:
    """InputError if the folder holds something else than the results of this request."""
    refuse_others(folder, request.kind, request.files, request.same)
    said = _read(folder)
    if not said or _is_of(folder, request) or said.get("status") == "running" and not request.keeps:
        return
    refuse(folder, _("the folder holds {what} of another request: {differences}", what=NAMED[request.kind],
                     differences=_differences(said, request) or _("it was made with another version")))


def refuse_others(folder: Path, kind: str, names: tuple[str, ...], same: Mapping[str, bytes] | None = None,
                  remedy: Message = REMEDY) -> None:
    """InputError if the folder holds results of another kind, or, without any, files of these names or patterns.

    Files that are as in `same` may be there.
    """
    found = kind_of(folder)
    if found is None:
        here = [path for name in names for path in sorted(folder.glob(name))]
        odd = [path for path in here if not _is_same(path, (same or {}).get(path.relative_to(folder).as_posix()))]
        if odd:
            refuse(folder, _("{file} is there already, and would be replaced",
                             file=odd[0].relative_to(folder).as_posix()), remedy)
    elif found != kind:
        refuse(folder, _("the folder holds {what}", what=NAMED.get(found, _("something else with a manifest"))), remedy)


def refuse(folder: Path, why: Message, remedy: Message = REMEDY) -> None:
    """Raise the InputError about a folder that holds something else."""
    raise InputError(Problem(str(folder), "", why, "", remedy))


def kind_of(folder: Path) -> str | None:
    """What a folder's results are, None where there are none; "" if they do not say it. CorruptError if unreadable."""
    for name, kind in ((identity.FILE, SWEEP), (identity.ANALYSIS, ANALYSIS)):
        if (folder / name).exists():
            return kind
    try:
        said = stored.unsealed(folder / files.MANIFEST, LARGEST)
    except FileNotFoundError:
        return None
    except CorruptError as error:
        raise CorruptError(_("{error}; --force replaces the folder", error=error.args[0])) from error
    earlier = next((kind for key, kind in EARLIER.items() if key in said), "")
    return str(said.get("kind", earlier))


def may_be(folder: Path, kind: str) -> bool:
    """Whether a folder's results are of a kind, or do not say what they are."""
    return kind_of(folder) in (kind, "")


def clear(folder: Path, names: tuple[str, ...]) -> None:
    """Remove the results that a folder holds, and what has these names or patterns; other files stay."""
    kind, marks = _kind_or_unknown(folder), (files.MANIFEST, identity.FILE, identity.ANALYSIS)
    listed = [path for name in marks for path in _listed(folder, _read(folder, name))]
    theirs = [*(OF_RUN if kind in (RUN, "") else ()), *(OF_SWEEP if kind in (SWEEP, "") else ()),
              *(() if kind is None else (*PAGES, *marks))]        # what says whose they are goes last
    patterns = [*names, *theirs]
    with files.writing(folder):
        for path in [*listed, *(path for pattern in patterns for path in folder.glob(pattern))]:
            if not path.is_dir() or path.is_symlink():
                path.unlink(missing_ok=True)
        for path in [path for pattern in FOLDERS for path in folder.glob(pattern)]:
            with contextlib.suppress(OSError):            # one that holds something else, or is none
                path.rmdir()


def _kind_or_unknown(folder: Path) -> str | None:
    with contextlib.suppress(CorruptError):
        return kind_of(folder)
    return ""


def _listed(folder: Path, said: Mapping[str, Any]) -> Iterator[Path]:
    """Files that results say are theirs; what leads elsewhere is passed over."""
    hashes = said.get("sha256")
    for name in hashes if isinstance(hashes, dict) else ():
        parts = PurePosixPath(name).parts
        if len(parts) == 1 or len(parts) == 2 and parts[0] in plain_files.FOLDERS:
            with contextlib.suppress(OutputError):
                yield plain_files.child(folder, *parts)


def _read(folder: Path, name: str = files.MANIFEST) -> dict[str, Any]:
    """What results say of themselves, nothing where they say nothing that can be read."""
    try:
        return stored.unsealed(folder / name, LARGEST)
    except (FileNotFoundError, CorruptError):
        return {}


def _is_of(folder: Path, request: Request) -> bool:
    said = _read(folder)
    return said.get("kind") == request.kind and said.get("key") == request.key


def _is_same(path: Path, content: bytes | None) -> bool:
    return content is not None and stored.is_as_written(path, hashlib.sha256(content).hexdigest())


def _differences(said: Mapping[str, Any], request: Request) -> Message:
    """The names under which requests differ, with their values where these are short."""
    there, here = (flat(each) if isinstance(each, dict) else {} for each in (said.get("made_of"), request.made_of))
    names = [name for name in sorted({*there, *here}) if there and str(there.get(name)) != str(here.get(name))]
    long = [name for name in names if stored.is_hash(there.get(name)) or stored.is_hash(here.get(name))]
    short = told(_only(there, names, long), _only(here, names, long), str)
    return joined("; ", [*(_("{key} differs", key=name) for name in long), *([short] if short else [])])


def _only(values: Mapping[str, Any], names: list[str], but: list[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name) not in (None, "", []) and name not in but}
