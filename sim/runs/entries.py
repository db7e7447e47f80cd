"""Lines of a sweep's manifest, and what may stand in them: a folder may come from anywhere, and they name files.

Only files below parts/ and results/ are ever read or removed for a line, and only runs of the sweep counted.
"""

import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NotRequired, TypedDict, TypeGuard, cast

from sim.base import stored
from sim.base.errors import CorruptError
from sim.base.messages import _
from sim.runs import identity

PARTS, RESULTS, LINES = "parts", "results", "manifest.jsonl"
KEYS = {"path", "experiment", "runs", "failed", "sha256"}
PART = re.compile(r"[\w.-]+\.parquet", re.ASCII)



class Entry(TypedDict):
    """What a line says of a part, or of the results of an experiment."""

    path: str                      # seen from the sweep's folder
    experiment: str
    runs: list[list[int]]          # [first, last] pairs
    failed: list[int]
    sha256: str
    seconds: NotRequired[float]    # that a part took
    blocks: NotRequired[list[str]]     # digests of the row groups of results


def line_of(entry: Entry) -> bytes:
    """A manifest line: JSON whose last key is the CRC-32 of the line without it."""
    body = {key: value for key, value in entry.items() if key != "crc"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return f"{json.dumps({**body, 'crc': zlib.crc32(text.encode())}, ensure_ascii=True)}\n".encode()


def read_lines(folder: str | Path) -> list[Entry]:
    """Entries of the manifest, for readers: CorruptError if any line is not what was written.

    The last line may be torn: its runs were not acknowledged when the process that wrote it was killed.
    """
    lines, (*found, torn) = _lines(folder)                # all but its end was written, if it says anything
    whole = [entry for entry in found if entry is not None]
    if None in found or _entry(lines[-1][:-1]):           # another byte where the last line ended
        number = found.index(None) + 1 if None in found else len(lines)
        raise CorruptError(_("{path}:{line}: changed since it was written; the same `sim sweep` command mends it",
                             path=Path(folder) / LINES, line=number))
    return whole if torn is None else [*whole, torn]


def sound_lines(folder: str | Path) -> list[Entry]:
    """Entries of the manifest, for the process that mends it; a line that is not what was written is left out."""
    return [entry for entry in _lines(folder)[1] if entry is not None]


def _lines(folder: str | Path) -> tuple[list[bytes], list[Entry | None]]:
    """(lines of the manifest, what each says or None), the last being what follows the last line's end.

    CorruptError for a whole line that no sweep of these experiments writes, as a stranger's may be.
    """
    path, sizes = Path(folder) / LINES, identity.sizes(Path(folder))
    lines = lines_in(folder).split(b"\n")
    found = [_entry(line) for line in lines]
    for number, entry in enumerate(found, 1):
        wrong = entry is not None and fault(entry, sizes)
        if wrong:
            raise CorruptError(_("{path}:{line}: not a line of this sweep: {wrong}; --force begins anew",
                                 path=path, line=number, wrong=wrong))
    return lines, found


def _entry(line: bytes) -> Entry | None:
    """What a line of the manifest says, None if it is not what was written."""
    try:
        entry: Any = json.loads(line)
        if line_of(entry).rstrip(b"\n") != line:
            return None
        entry.pop("crc")
        return cast(Entry, entry)
    except (ValueError, RecursionError, AttributeError):
        return None


def lines_in(folder: str | Path) -> bytes:
    """The manifest of a sweep's folder as it is; empty where there is none."""
    try:
        return stored.content(Path(folder) / LINES)
    except FileNotFoundError:
        return b""


def fault(entry: Entry, sizes: Mapping[str, int]) -> str:
    """What is wrong with an entry of a sweep whose experiments have these `sizes` in runs, "" for nothing."""
    total = sum(sizes.values())
    if not KEYS <= set(entry):
        return "a key is missing"
    if not isinstance(entry["experiment"], str) or entry["experiment"] not in sizes:
        return f"its experiment {entry['experiment']!r:.80}"
    if not _is_ours(entry["path"], entry["experiment"]):
        return f"its path {entry['path']!r:.80}"
    if not _are_stretches(entry["runs"], total) or not _are_runs(entry["failed"], total):
        return "its runs"
    blocks = entry.get("blocks", [])
    sound = isinstance(blocks, list) and all(map(stored.is_hash, [entry["sha256"], *blocks]))
    return "" if sound else "its digests"


def _is_ours(path: object, experiment: str) -> bool:
    """Whether a path is parts/EXPERIMENT/NAME.parquet or results/EXPERIMENT.parquet."""
    parts = PurePosixPath(path).parts if isinstance(path, str) else ()
    if "/".join(parts) != path:
        return False
    return parts == (RESULTS, f"{experiment}.parquet") or \
        len(parts) == 3 and parts[:2] == (PARTS, experiment) and bool(PART.fullmatch(parts[2]))


def _are_stretches(runs: object, total: int) -> bool:
    """Whether these are [first, last] pairs of runs of the sweep, each after the one before."""
    if not isinstance(runs, list):
        return False
    after = 0
    for pair in runs:
        if not _are_runs(pair, total) or len(pair) != 2 or not after <= pair[0] <= pair[1]:
            return False
        after = pair[1] + 1
    return True


def _are_runs(numbers: object, total: int) -> TypeGuard[list[int]]:
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number < total for number in numbers)
