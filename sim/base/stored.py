"""Stored files, read only if they are what was written.

Every reader of a folder of results goes through here: what is no regular file is not opened, what is too large
is not read, and what differs from its hash ends with exit code 6 and its name.
"""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from sim.base.errors import CorruptError, OutputError
from sim.base.messages import _

LARGEST = 2**30                # bytes of a file that is read whole
LARGEST_JSON = 2**24           # of a manifest and the like
SEAL = "digest"                # key of a JSON object that holds the hash of all its others
DIGEST = hashlib.sha256().digest_size    # bytes
HASH = re.compile("[0-9a-f]{64}")
Place = TypeVar("Place", bound=str | Path)
PLAIN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def opened(path: str | Path) -> Iterator[BufferedReader]:
    """A regular file, open for reading; CorruptError if it is something else, OutputError if it may not be read.

    FileNotFoundError if there is none. A pipe in its place is not waited for.
    """
    try:
        number = os.open(path, PLAIN)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(str(path)) from error
    except PermissionError as error:
        raise OutputError(_("{path}: cannot be read: {reason}", path=path, reason=error.strerror)) from error
    except (OSError, ValueError) as error:
        raise CorruptError(_("{path}: cannot be read: {reason}", path=path,
                             reason=getattr(error, "strerror", "") or error)) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):        # a folder opens, and cannot be read
        os.close(number)
        raise CorruptError(_("{path}: not a regular file", path=path))
    with os.fdopen(number, "rb") as file:
        yield file


def content(path: str | Path, most: int = LARGEST) -> bytes:
    """Bytes of a regular file; CorruptError if it has more than `most`, FileNotFoundError if there is none."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise CorruptError(_("{path}: larger than {most:,} bytes, more than a file of its kind can be", path=path,
                                 most=most))
        try:
            return file.read()
        except (OSError, MemoryError) as error:
            raise CorruptError(_("{path}: cannot be read: {reason}", path=path,
                                 reason=getattr(error, "strerror", "") or _("too large"))) from error


def sha256(path: str | Path) -> str:
    """Hex digest of a regular file; FileNotFoundError if there is none."""
    with opened(path) as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise CorruptError(_("{path}: cannot be read: {reason}", path=path, reason=error.strerror)) from error


def is_as_written(path: str | Path, digest: object) -> bool:
    """Whether a file is there and has this hash; what is no hash is no file's."""
    try:
        return is_hash(digest) and sha256(path) == digest
    except (FileNotFoundError, CorruptError):
        return False


def required(path: Place, digest: object) -> Place:
    """The path of a file that has this hash; CorruptError naming it if it has not."""
    try:
        found = sha256(path)
    except FileNotFoundError:
        raise _missing(path) from None
    if not is_hash(digest):
        raise CorruptError(_("{path}: its hash is not recorded", path=path))
    if found != digest:
        raise CorruptError(_("{path}: changed since it was written", path=path))
    return path


def required_content(path: str | Path, digest: object, most: int = LARGEST) -> bytes:
    """Bytes of a file that has this hash; CorruptError naming it if it has not."""
    try:
        found = content(path, most)
    except FileNotFoundError:
        raise _missing(path) from None
    if not is_hash(digest) or hashlib.sha256(found).hexdigest() != digest:
        raise CorruptError(_("{path}: changed since it was written", path=path))
    return found


def digested(content: bytes) -> bytes:
    """A content behind its own digest, which `undigested` compares."""
    return hashlib.sha256(content).digest() + content


def undigested(path: Path, most: int = LARGEST) -> memoryview:
    """The content of such a file; CorruptError if it is not as it was written, FileNotFoundError if there is none."""
    raw = content(path, most)
    inside = memoryview(raw)[DIGEST:]
    if hashlib.sha256(inside).digest() != raw[:DIGEST]:
        raise CorruptError(_("{path}: changed since it was stored; run the same command again", path=path))
    return inside


def regular(path: Place) -> Place:
    """The path of a file that is there and regular; CorruptError if not."""
    try:
        with opened(path):
            return path
    except FileNotFoundError:
        raise _missing(path) from None


def sealed(said: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object with the hash of all that it says, which `unsealed` compares."""
    plain = {key: value for key, value in said.items() if key != SEAL}
    return {**plain, SEAL: _digest(plain)}


def unsealed(path: str | Path, most: int = LARGEST_JSON) -> dict[str, Any]:
    """The JSON object in a file, without its seal; FileNotFoundError if there is no file.

    CorruptError if it is not as it was written. Files of earlier versions have no seal.
    """
    raw = content(path, most)
    try:
        said = json.loads(raw)
        if not isinstance(said, dict):
            raise ValueError(_("not an object"))
        seal = said.pop(SEAL, None)
        if seal is not None and seal != _digest(said):
            raise ValueError(_("its content does not match its hash"))
    except (ValueError, RecursionError) as error:
        raise CorruptError(_("{path}: changed since it was written, or not JSON: {reason}", path=path,
                             reason=error.args[0] if error.args else error)) from error
    return said


def _digest(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _missing(path: str | Path) -> CorruptError:
    return CorruptError(_("{path}: missing; it was there when the results were written", path=path))


def is_hash(digest: object) -> TypeGuard[str]:
    """Whether something that was read can be the hash of a file."""
    return isinstance(digest, str) and HASH.fullmatch(digest) is not None
