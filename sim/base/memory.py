"""How much memory this process can have: what the machine, its group and its own limit leave."""

import os
from collections.abc import Iterator
from pathlib import Path

UNKNOWN = 16 * 2**30           # memory assumed where the system does not tell
GROUPS = {                     # files of a control group, of version 2 and of version 1: limit, use, what can be let go
    "": ("", "memory.max", "memory.current", "inactive_file"),
    "memory": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")}


def available(root: Path = Path("/")) -> int:
    """Bytes that this process can hold, what it holds already included.

    The least of what the machine has available, of what is left in each control group that the process is in,
    and of what `ulimit -v` leaves. root is the folder in which proc and sys lie.
    """
    virtual, resident = _held(root)
    left = [_machine(root), *_groups(root), *_limit(virtual)]
    return resident + max(0, min(left))


def _held(root: Path) -> tuple[int, int]:
    """(bytes of virtual memory, bytes of resident memory) of this process; 0 where the system does not tell."""
    pages = _text(root / "proc/self/statm").split()
    if len(pages) < 2:
        return 0, 0
    virtual, resident = (int(number) * os.sysconf("SC_PAGE_SIZE") for number in pages[:2])
    return virtual, resident


def _machine(root: Path) -> int:
    """Bytes that the machine can give without swapping; all of its memory where it tells no more."""
    found = _table(root / "proc/meminfo").get("MemAvailable:")
    if found is not None:
        return 1024 * found
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):          # Windows has no sysconf
        return UNKNOWN


def _groups(root: Path) -> Iterator[int]:
    """Bytes left in each control group of this process that has a limit, its parents included."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in set(controllers.split(",")) & set(GROUPS):
            mount, *files = GROUPS[controller]
            top = root / "sys/fs/cgroup" / mount
            here = top / path.lstrip("/")
            for folder in (here, *(parent for parent in here.parents if parent.is_relative_to(top))):
                yield from _left(folder, *files)


def _left(folder: Path, limit: str, used: str, idle: str) -> Iterator[int]:
    """Bytes left below a group's limit, in a list; nothing without a limit. Files that were read can be let go."""
    most, taken = (_text(folder / name).strip() for name in (limit, used))
    if most.isdigit() and taken.isdigit():
        yield int(most) - int(taken) + _table(folder / "memory.stat").get(idle, 0)


def _limit(virtual: int) -> list[int]:
    """Bytes that `ulimit -v` leaves, in a list; nothing where there is no such limit."""
    try:
        import resource
        most = resource.getrlimit(resource.RLIMIT_AS)[0]
    except (ImportError, AttributeError):                  # Windows has no limits
        return []
    return [] if most == resource.RLIM_INFINITY else [most - virtual]


def _table(path: Path) -> dict[str, int]:
    """Name -> number of lines like `MemAvailable: 123 kB`."""
    lines = (line.split() for line in _text(path).splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
