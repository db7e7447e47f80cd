"""What may stand in a line of a sweep's manifest: a folder may come from anywhere, and its lines name files.

Only files below parts/ and results/ are ever read or removed for a line, and only runs of the sweep counted.
"""

import re
from pathlib import PurePosixPath

PARTS, RESULTS = "parts", "results"
KEYS = {"path", "experiment", "runs", "failed", "sha256"}
DIGEST = re.compile(r"[0-9a-f]{64}")
PART = re.compile(r"[\w.-]+\.parquet", re.ASCII)


def fault(entry, sizes):
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
    texts = [entry["sha256"], *_listed(entry.get("blocks", []))]
    return "" if all(isinstance(text, str) and DIGEST.fullmatch(text) for text in texts) else "its digests"


def _is_ours(path, experiment):
    """Whether a path is parts/EXPERIMENT/NAME.parquet or results/EXPERIMENT.parquet."""
    parts = PurePosixPath(path).parts if isinstance(path, str) else ()
    if "/".join(parts) != path:
        return False
    return parts == (RESULTS, f"{experiment}.parquet") or \
        len(parts) == 3 and parts[:2] == (PARTS, experiment) and bool(PART.fullmatch(parts[2]))


def _are_stretches(runs, total):
    """Whether these are [first, last] pairs of runs of the sweep, each after the one before."""
    after = 0
    for pair in _listed(runs):
        if not _are_runs(pair, total) or len(pair) != 2 or not after <= pair[0] <= pair[1]:
            return False
        after = pair[1] + 1
    return isinstance(runs, list)


def _are_runs(numbers, total):
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number < total for number in numbers)


def _listed(value):
    """The value if it is a list, else it alone."""
    return value if isinstance(value, list) else [value]
