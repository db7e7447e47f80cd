"""Files and folders that are what their names say, though a stranger may have made the folder they lie in.

A link, a pipe or a file with a second name in an output folder would carry what we write, or remove,
elsewhere. So a folder is looked through before it is used, files are made anew and never written
over, and lines are added to files of one name only. The folder that the user names may be a link.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from io import BufferedRandom, BufferedWriter
from pathlib import Path, PurePath

from sim.base.errors import OutputError
from sim.base.messages import _

FOLDERS = ("parts", "results", "scenarios", "figures", "sources", "uncertainty", "runs", "analysis")
HIDDEN = (".lock", ".probe")
ENDINGS = (".json", ".jsonl", ".toml", ".nc", ".csv", ".html", ".txt", ".md", ".svg", ".png", ".tmp")
_NO_LINK, _NO_WAIT, _BINARY = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def check(folder: str | Path) -> None:
    """OutputError if what may be ours in a folder is neither a file nor a folder, at any depth.

    Other things that the user keeps there are passed over.
    """
    waiting = [entry for entry in _entries(folder) if _may_be_ours(entry)]
    while waiting:
        entry = waiting.pop()
        if entry.is_dir(follow_symlinks=False):
            waiting += _entries(entry.path)
        elif not entry.is_file(follow_symlinks=False):
            raise _odd(entry.path, entry.stat(follow_symlinks=False), _("a file or a folder"))


def child(folder: str | Path, *names: str) -> Path:
    """folder/name/...; OutputError for a name that leads elsewhere, as one from a stranger's file may."""
    for name in names:
        if PurePath(name).parts != (name,) or name == ".." or "\0" in name:
            raise OutputError(_("{folder}: {name} cannot be the name of a file in it", folder=folder, name=repr(name)))
    return Path(folder, *names)


def made(folder: str | Path, *names: str) -> Path:
    """folder/name/..., each made if need be; OutputError if one of them is no folder, or a link to one."""
    path = Path(folder)
    for name in names:
        path = child(path, name)
        with contextlib.suppress(FileExistsError):
            path.mkdir()
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise _odd(path, found, _("a folder"))
    return path


def new(path: Path) -> BufferedWriter:
    """A new binary file, open for writing; what has its name goes, whatever that leads to."""
    return os.fdopen(opened_anew(path), "wb")


def opened_anew(path: Path) -> int:
    """The same as the number by which the system knows it."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY, 0o666)


def kept(path: Path) -> BufferedRandom:
    """A binary file, open for reading and for adding to its end, made if need be.

    OutputError for what is not a file, and for a file that has another name elsewhere.
    """
    with contextlib.suppress(FileNotFoundError):
        _refuse_odd(path, os.lstat(path))
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_LINK | _NO_WAIT | _BINARY, 0o666), "r+b")
    try:
        _refuse_odd(path, os.fstat(file.fileno()))
    except OutputError:
        file.close()
        raise
    return file


def _refuse_odd(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise _odd(path, found, _("a file with a single name"))


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return list(found)


def _may_be_ours(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    return name in FOLDERS or name in HIDDEN or name.endswith(ENDINGS)


def _odd(path: str | Path, found: os.stat_result, expected: str) -> OutputError:
    """The OutputError for something that is not what is expected in its place."""
    return OutputError(_("{path}: {kind}; expected {expected}; remove it, or choose another folder",
                         path=path, kind=_kind(found), expected=expected))


def _kind(found: os.stat_result) -> str:
    """What something is, by its stat."""
    mode = found.st_mode
    file = _("it is a file with {count} names", count=found.st_nlink) if found.st_nlink > 1 else _("it is a file")
    kinds: dict[str, Callable[[int], bool]] = {
        _("it is a link"): stat.S_ISLNK, _("it is a folder"): stat.S_ISDIR, _("it is a pipe"): stat.S_ISFIFO,
        _("it is a socket"): stat.S_ISSOCK,
        _("it is a device"): lambda mode: stat.S_ISBLK(mode) or stat.S_ISCHR(mode)}
    return next((kind for kind, is_one in kinds.items() if is_one(mode)), file)
