"""TOML files from strangers: limits before parsing, the place of every key, and values written back.

`read` and `parse` give a Source: text, data and where each key stands. Everything that can be wrong
with the file itself ends in an InputError of one line; what the keys mean is not known here.
"""

import bisect
import functools
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import nearest
from sim.config.toml_messages import is_day, translatable
from sim.config.toml_positions import Key, Scanner

MAX_BYTES = 2**20
# a date as people write one
DATE = re.compile(r"(?<![\d/.年-])(\d{4})\s?[/.年-]\s?(\d{1,2})\s?[/.月-]\s?(\d{1,2})(?![\d/.-])")
BARE = re.compile(r"\s*\[*[\w.\s-]+(?:\]+|=)")      # a line's name of a table or of a value, without quotes
PART = re.compile(r"[\w-]+")
REGION = "region.toml"                  # in the folder of a region, no scenario
NOWHERE = ("", "", _("a TOML file"))   # place, key and kind of a file that no other one names


@dataclass(frozen=True, eq=False)
class Source:
    """A TOML text, its data, and the offset of every key path in it."""

    path: str
    text: str
    data: dict[str, Any]
    offsets: dict[Key, int]    # key path (names and list positions) -> character offset

    def locate(self, key: Key) -> tuple[int, int]:
        """Line and column, from 1, of a key path; of the nearest table above it if it is not there.

        >>> parse("[rent]\\nshare = 0.1", "x.toml").locate(("rent", "share"))
        (2, 1)
        """
        key = tuple(key)
        while key and key not in self.offsets:
            key = key[:-1]
        return self.position(self.offsets.get(key, 0))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def where(self, key: Key = ()) -> str:
        """The place of a key path as "file:line:column"."""
        return ":".join(map(str, (self.path, *self.locate(key))))

    def at(self, offset: int) -> str:
        """The same of a character offset."""
        return ":".join(map(str, (self.path, *self.position(offset))))

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [0] + [match.end() for match in re.finditer("\n", self.text)]


def read(path: str | Path, cited: tuple[str, str, str] = NOWHERE) -> Source:
    """The Source in a regular file of at most 1 MiB in UTF-8; `cited` says where it is named, by which key, as what."""
    raw = _bytes_of(path, cited)
    refuse_no_text(path, cited[0] or _("name of the file"))
    return parse(decoded(raw, path, cited), str(path))


def decoded(raw: bytes, path: str | Path, cited: tuple[str, str, str] = NOWHERE) -> str:
    """The text in the bytes of a file; InputError for too many of them, and at the first that is not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise InputError(_unreadable(path, cited, _("{file} is larger than {most:,} bytes", file=_name(path, cited),
                                                    most=MAX_BYTES)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise InputError(Problem(f"{path}:{line}:{column}", "", _("the byte 0x{byte:02x} is not UTF-8",
                                                                  byte=raw[error.start]),
                                 remedy=_("save the file as UTF-8"))) from None


def parse(text: str, path: str) -> Source:
    """The Source in a text; limits are checked before the parser sees it."""
    scanner = Scanner(text)
    source = Source(path, text, {}, scanner.offsets)
    scanner.scan()
    if scanner.excess:
        offset, *rest = scanner.excess
        raise InputError(Problem(source.at(offset), *rest))
    try:
        source.data.update(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(_syntax_problems(source, scanner.repeats, error)) from None
    return source


def refuse_no_text(name: object, where: object = "") -> None:
    """InputError for a name or a setting that is not UTF-8: tables and manifests that hold it would not be text."""
    try:
        str(name).encode()
    except UnicodeEncodeError:
        raise InputError(Problem(str(where), "", _("{name} is not UTF-8", name=repr(str(name))),
                                 remedy=_("choose another name"))) from None


def _bytes_of(path: str | Path, cited: tuple[str, str, str]) -> bytes:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            wrong = _("{file} is a folder", file=repr(str(path))) if cited[0] else _("it is a folder")
            raise InputError(_unreadable(path, cited, wrong, _one_in(path)))
        if not stat.S_ISREG(mode):
            raise InputError(_unreadable(path, cited, _("{file} is not a regular file", file=_name(path, cited))))
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        wrong = _("there is no file {path}", path=repr(str(path))) if cited[0] else _("file not found")
        raise InputError(_unreadable(path, cited, wrong, _nearby(path))) from None
    except (OSError, ValueError) as error:            # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(_unreadable(path, cited, _("{file} cannot be read ({reason})", file=_name(path, cited),
                                                    reason=reason))) from None


def _one_in(folder: str | Path) -> str:
    """A file of a folder that may be meant, told by its path; of a region what makes scenarios of it."""
    found = sorted(path for path in Path(folder).glob("*.toml") if path.name != REGION)
    if not found and (Path(folder) / REGION).is_file():
        return _("sim new NAME --region {folder} makes scenarios of the region in it", folder=str(folder))
    return _("name a file, such as {file}", file=found[0].as_posix()) if found else ""


def _unreadable(path: str | Path, cited: tuple[str, str, str], wrong: str, remedy: str = "") -> Problem:
    place, key, expected = cited
    return Problem(str(place or path), key, wrong, "" if remedy else expected, remedy)


def _name(path: str | Path, cited: tuple[str, str, str]) -> str:
    """What a sentence calls a file: by its path, if the place of the problem is another one."""
    return repr(str(path)) if cited[0] else _("the file")


def _nearby(path: str | Path) -> str:
    """A file of the same folder that may be meant, told by its name; the ending that all have does not count."""
    folder, name = os.path.split(path)
    try:
        others = [other.removesuffix(".toml") for other in os.listdir(folder or ".") if other.endswith(".toml")]
    except OSError:
        return ""
    close = nearest(name.removesuffix(".toml"), others)
    return _("did you mean {name}?", name=f"'{close}.toml'") if close else ""


def _syntax_problems(source: Source, repeats: Sequence[tuple[int, Key, int]], error: Exception) -> list[Problem]:
    """A repeated key says so; any other slip is told in the parser's words, with the key it is at."""
    if repeats:
        return [Problem(source.at(offset), dotted(key), _("duplicate key"),
                        remedy=_("it is set on line {line} already; remove one of the two",
                                 line=source.position(first)[0]))
                for offset, key, first in repeats]
    message, offset = _without_place(source, str(error))
    remedy = _("put text in quotes, write dates like 2028-01-31") if message == "Invalid value" else ""
    bare = BARE.match(_line_of(source, offset))
    if bare and not bare[0].isascii():
        remedy = _("put names with other than plain letters in quotes: {name}", name=PART.sub(
            lambda part: part[0] if part[0].isascii() else f'"{part[0]}"', bare[0].strip(" =")))
    written = DATE.search(_line_of(source, offset))
    if written and not is_day(iso(*written.groups())):
        return [Problem(source.at(offset), _key_at(source, offset), _("{value} is not a date", value=repr(written[0])),
                        _("a date such as 2028-01-31"))]
    if written and written[0] != iso(*written.groups()):
        remedy = _("write {date}", date=iso(*written.groups()))
    return [Problem(source.at(offset), _key_at(source, offset),
                    _("not valid TOML ({message})", message=translatable(message)), remedy=remedy)]


def iso(year: str, month: str, day: str) -> str:
    """A date as files write it.

    >>> iso("2026", "1", "31")
    '2026-01-31'
    """
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _line_of(source: Source, offset: int) -> str:
    """The line of a text that a place is in."""
    return source.text[source.text.rfind("\n", 0, offset) + 1:].partition("\n")[0]


def _without_place(source: Source, message: str) -> tuple[str, int]:
    """The parser's message without its place, and the offset of that place."""
    match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if not match:
        return message, 0
    message = message[:match.start()]
    if not match[1]:
        return message, len(source.text)
    return message, source._line_starts[int(match[1]) - 1] + int(match[2]) - 1


def _key_at(source: Source, offset: int) -> str:
    line = source.position(offset)[0]
    near = [(place, key) for key, place in source.offsets.items()
            if place <= offset and source.position(place)[0] == line]
    return dotted(max(near, key=lambda item: item[0])[1]) if near else ""


def dotted(key: Iterable[str | int]) -> str:
    """A key path as people write it.

    >>> dotted(("policies", "tax cut", "sites", 2))
    'policies."tax cut".sites[2]'
    """
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{format_key(part)}"
    return text.removeprefix(".")


def format_key(name: str) -> str:
    """A key, quoted where TOML wants quotes."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def format_value(value: Any) -> str:
    """A value as TOML on one line, so that reading it gives the same value.

    >>> format_value({"sites": ["a", "b"], "rate": 0.15})
    '{sites = ["a", "b"], rate = 0.15}'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(format_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{format_key(k)} = {format_value(v)}" for k, v in value.items()) + "}"
    return str(value)                                 # int, float, date


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda c: f"\\u{ord(c[0]):04x}", escaped) + '"'
