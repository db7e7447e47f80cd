"""What the library that reads TOML says of a slip, as texts that the catalogue has."""

import contextlib
import datetime
import re

from sim.base.messages import Message, _

WITHOUT_NAMES = {str(each): each for each in (
    _("Invalid statement"), _("Expected newline or end of document after a statement"), _("Cannot overwrite a value"),
    _("Expected ']' at the end of a table declaration"), _("Expected ']]' at the end of an array declaration"),
    _("Expected '=' after a key in a key/value pair"), _("Invalid initial character for a key part"),
    _("Unclosed array"), _("Unclosed inline table"), _("Unescaped '\\' in a string"), _("Invalid hex value"),
    _("Escaped character is not a Unicode scalar value"), _("Unterminated string"), _("Invalid date or datetime"),
    _("Invalid value"))}
WITH_NAMES = tuple((re.compile(re.escape(each).replace(re.escape("{name}"), "(.+)")), each) for each in (
    _("Expected {name}", name="{name}"), _("Found invalid character {name}", name="{name}"),
    _("Illegal character {name}", name="{name}"), _("Cannot declare {name} twice", name="{name}"),
    _("Cannot mutate immutable namespace {name}", name="{name}"),
    _("Cannot redefine namespace {name}", name="{name}"), _("Duplicate inline table key {name}", name="{name}")))


def translatable(message: str) -> str:
    """The library's message as a text that is told in every language; one that is not known stays as it is.

    >>> from sim.base.messages import translate
    >>> translate(translatable("Unterminated string"), "zh"), translatable("Illegal character '\\n'")
    ('字符串没有结束引号', "Illegal character '\\n'")
    """
    if message in WITHOUT_NAMES:
        return WITHOUT_NAMES[message]
    found = ((pattern.fullmatch(message), each) for pattern, each in WITH_NAMES)
    return next((Message(each.template, {"name": match[1]}) for match, each in found if match), message)


def is_day(text: str) -> bool:
    """Whether there is such a day.

    >>> is_day("2026-02-28"), is_day("2026-13-01")
    (True, False)
    """
    with contextlib.suppress(ValueError):
        return bool(datetime.date.fromisoformat(text))
    return False
