"""Where each key of a TOML text stands: no library maps keys to lines, so this small scanner does.

It follows headers, dotted and quoted keys, inline tables, arrays and strings through any text, also
a broken one, in one pass, and notes what is too deep or too long before a parser suffers from it.

Decision 7 (docs/decisions.md).
"""

import re
import tomllib
from collections.abc import Iterable
from typing import Any

from sim.base.messages import _

Key = tuple[str | int, ...]    # path of a key: names, and positions in lists
MAX_DEPTH = 16                 # tables and lists inside one another
MAX_LENGTH = 128               # characters of a dotted key, and of a bare value

_TOKENS = re.compile(r'''
    (?P<blank>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n)
  | (?P<string>"""(?s:\\.|.)*?(?:"{3,5}|\Z) | \'\'\'(?s:.)*?(?:'{3,5}|\Z)
             | "(?:\\.|[^"\\\n])*"? | '[^'\n]*'?)
  | (?P<word>[^\s\[\]{}=,."'\#]+)
  | (?P<sign>.)
''', re.VERBOSE)


class Scanner:
    """One pass over a text; afterwards `offsets`, `repeats` and `excess` hold what was seen."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: dict[Key, int] = {}      # key path -> offset of its first character
        # (offset, key path, offset of the first) of keys assigned twice
        self.repeats: list[tuple[int, Key, int]] = []
        # (offset, key, wrong, expected) of the first thing beyond a limit
        self.excess: tuple[int, str, str, str] | None = None
        self._assigned: set[Key] = set()
        self._tables: dict[Key, int] = {}      # path of an array of tables -> index of its last table
        self._table: Key = ()      # path of the header above
        self._open: list[list[Any]] = []       # [sign, path, index] of every bracket that is still open
        self._path: Key = ()       # path of the value being read
        self._begin_key()

    def scan(self) -> None:
        """Read the text to its end, or to the first thing beyond a limit."""
        for match in _TOKENS.finditer(self.text):
            kind = match.lastgroup
            if kind == "newline" and not self._open:
                self._begin_key()
            elif kind in ("string", "word", "sign"):
                read = self._read_key if self._in_key else self._read_value
                read(kind, match[0], match.start())
            if self.excess:
                return

    def _begin_key(self) -> None:
        self._in_key, self._header = True, 0
        self._parts: list[str] = []
        self._start: int | None = None

    def _read_key(self, kind: str, token: str, offset: int) -> None:
        if kind != "sign":
            self._add_part(kind, token, offset)
        elif token == "[" and not self._parts and not self._open:
            self._header += 1
        elif token == "]" and self._header:
            self._end_header()
        elif token == "=":
            self._end_key()
        elif token in "{}[],":
            self._in_key = False
            self._read_value(kind, token, offset)

    def _add_part(self, kind: str, token: str, offset: int) -> None:
        self._start = offset if self._start is None else self._start
        self._parts.append(_unquoted(token) if kind == "string" else token)
        if offset + len(token) - self._start > MAX_LENGTH:
            self._refuse(_("the key is longer than {most} characters", most=MAX_LENGTH))
        self._check_depth(len(self._parts))

    def _end_header(self) -> None:
        """A table begins; `[[a]]` makes it the next of a's tables."""
        if self._header > 1:
            path = (*self._resolved((), self._parts[:-1]), *self._parts[-1:])
            self._tables[path] = self._tables.get(path, -1) + 1
        self._table = self._resolved((), self._parts)
        self._note(self._table)
        self._in_key = False

    def _end_key(self) -> None:
        self._in_key = False
        if not self._parts:                              # the parser says what is wrong with it
            return
        base = self._open[-1][1] if self._open else self._table
        self._path = self._resolved(base, self._parts)
        if self._path in self._assigned:
            self.repeats.append((self._start or 0, self._path, self.offsets[self._path]))
        self._assigned.add(self._path)
        self._note(self._path)
        self._check_depth(len(self._path))

    def _note(self, path: Key) -> None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.offsets:
                return
            self.offsets[path[:length]] = self._start or 0

    def _resolved(self, path: Key, parts: Iterable[str]) -> Key:
        for part in parts:
            path += (part,)
            if path in self._tables:
                path += (self._tables[path],)
        return path

    def _read_value(self, kind: str, token: str, offset: int) -> None:
        if kind == "word" and len(token) > MAX_LENGTH:
            self._refuse(_("a value without quotes of {length} characters is too long", length=len(token)),
                         _("at most {most}", most=MAX_LENGTH), offset)
        elif kind == "sign" and token in "[{":
            self._open_bracket(token)
        elif kind == "sign" and token in "]}" and self._open:
            self._open.pop()
        elif token == "," and self._open:
            self._next_item()

    def _open_bracket(self, sign: str) -> None:
        inside = self._open and self._open[-1][0] == "["
        path = (*self._open[-1][1], self._open[-1][2]) if inside else self._path
        self._open.append([sign, path, 0])
        self._check_depth(len(path) + 1)
        if sign == "{":
            self._begin_key()

    def _next_item(self) -> None:
        self._open[-1][2] += 1
        if self._open[-1][0] == "{":
            self._begin_key()

    def _check_depth(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._refuse(_("tables and lists are nested more than {most} levels deep", most=MAX_DEPTH))

    def _refuse(self, wrong: str, expected: str = "", offset: int | None = None) -> None:
        place = offset if offset is not None else self._start or 0
        self.excess = (place, ".".join(self._parts)[:MAX_LENGTH], wrong, expected)


def _unquoted(token: str) -> str:
    """The name in a quoted key; a broken one stays as it is."""
    if "\\" not in token or len(token) > MAX_LENGTH:
        return token[1:-1]
    try:
        name: str = tomllib.loads(f"key = {token}")["key"]
        return name
    except ValueError:
        return token
