"""How a parameter is declared: once, with unit, allowed values, prior range, source and evidence.

A section is a pydantic model whose numeric fields are made by `parameter`. `allowed` is what the
program accepts; `range` is the prior for sensitivity, outside of which a value is accepted with a
warning. The evidence says where the default comes from: "data" of a policy or region as it is, "literature" that has
the value in this unit, "sign only" where a source bears out the direction and not the size, "assumption"; "choice" is
for settings that are the user's own (dates, seeds, switches). "estimated" is of values that a scenario has from a list
of firms (`scenario.sections.estimated`); no default is.
"""

import functools
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import pydantic
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.base.messages import Message, _, joined, known

ASSUMED = _("no source found")
EVIDENCE = (_("data"), _("estimated"), _("literature"), _("sign only"), _("assumption"), _("choice"))
BELIEVED = ("literature", "sign only", "assumption")       # what uncertainty is about
UNITS = (_("1"), _("km"), _("min"), _("year"), _("quarter"), _("percentage point"), _("share"), _("RMB million"),
         _("RMB million per employee"), _("employees"), _("enterprises"), _("per year"), _("per minute"),
         _("per km"), _("1/km"), _("RMB million per year"), _("RMB million per km"), _("RMB"), _("date"), _("text"),
         _("name"), _("names"), _("switch"), _("degree"), _("km/h"), _("count"), _("km2"), _("m2"))
UNTOLD = ("1", "share", "date", "text", "name", "names", "switch", "count")      # those that need no telling


class Broken(NamedTuple):
    """A rule between keys that is not kept; it is told at the one of them that was set last."""

    keys: tuple[tuple[str, ...], ...]  # key paths inside the Section that has the rule
    wrong: str
    expected: str = ""
    remedy: str = ""

    @property
    def text(self) -> Message:
        """What is wrong and what is expected, as one text.

        >>> Broken((("end",),), _("it ends in 2020"), _("an end after 2021")).text
        'it ends in 2020; expected an end after 2021'
        """
        return _("{wrong}; expected {expected}", wrong=self.wrong, expected=self.expected) if self.expected else \
            _("{wrong}", wrong=self.wrong)


class Section(pydantic.BaseModel):
    """A table of a scenario file: unknown keys, wrong types, nan and inf are refused."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    def rules(self) -> Iterable[Broken]:
        """What is Broken among values that are sound one by one; a Section with rules redefines it."""
        return ()

    @pydantic.model_validator(mode="after")
    def _keep_rules(self) -> Self:
        broken = tuple(self.rules())
        if broken:
            text = joined("; ", [each.text for each in broken])
            raise PydanticCustomError("rules", "{text}", {"text": text, "broken": broken})
        return self


@dataclass(frozen=True)
class Interval:
    """Bounds as a mathematician writes them, e.g. "(0, 1]" or "[0, inf)"."""

    low: float
    high: float
    closed_low: bool
    closed_high: bool

    def __contains__(self, value: Any) -> bool:
        above = value >= self.low if self.closed_low else value > self.low
        below = value <= self.high if self.closed_high else value < self.high
        return bool(above and below)


def interval(text: str) -> Interval:
    """Read "(0, 1]" into an Interval.

    >>> 0 in interval("(0, 1]"), 1 in interval("(0, 1]")
    (False, True)
    """
    match = re.fullmatch(r"([\[(])\s*([^,]+),\s*([^\])]+)([\])])", text.strip())
    if not match:
        raise ValueError(f"not an interval: {text!r}")
    left, low, high, right = match.groups()
    return Interval(float(low), float(high), left == "[", right == "]")


def parameter(default: Any, *, unit: str, evidence: str, source: str, doc: str, doc_zh: str = "", source_zh: str = "",
              allowed: str | None = None, range: str | None = None, each: str | None = None, agree: bool | None = None,
              reported: str | None = None) -> Any:
    """Declare one parameter of a Section.

    `allowed` and `range` are intervals as text ("[0, 0.9]") and make sense for numbers only; `each`
    stands in for `allowed` where numbers are inside lists and tables or one choice among others. `source_zh` is
    the source in Chinese, if it is more than a citation.
    `default=...` (Ellipsis) makes the key required. `agree` says whether all members of an ensemble
    must have the same value; by default only numbers with a point and dates may differ. `reported` is the interval
    that the source itself has, in this unit: literature has one, and the default lies in it.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    if evidence not in EVIDENCE:
        raise ValueError(f"unknown evidence {evidence!r}")
    if (evidence == "literature") != (reported is not None and default in interval(reported)):
        raise ValueError(f"{evidence}, but {reported} is what the source reports and {default} the default")
    bounds = interval(allowed) if allowed else None
    limits: dict[str, Any] = {}
    if bounds:
        limits[("ge" if bounds.closed_low else "gt")] = bounds.low
        limits[("le" if bounds.closed_high else "lt")] = bounds.high
    limits = {key: int(value) if value.is_integer() else value
              for key, value in limits.items() if abs(value) != float("inf")}
    meta: dict[str, Any] = dict(unit=unit, evidence=evidence, source=source, allowed=allowed or each or "",
                                range=range or "", doc_zh=doc_zh, source_zh=source_zh, agree=agree,
                                reported=reported or "")
    return pydantic.Field(default, description=doc, json_schema_extra=meta, **limits)


def choice(default: Any, unit: str, doc: str, doc_zh: str, **limits: Any) -> Any:
    """A setting that is the user's own."""
    return parameter(default, unit=unit, evidence="choice", source=_("the user"), doc=doc, doc_zh=doc_zh, **limits)


def assumed(default: Any, unit: str, allowed: str | None, range: str | None, doc: str, doc_zh: str,
            source: str = ASSUMED, **limits: Any) -> Any:
    """A number for which no source was found, or one that only bears it out."""
    return parameter(default, unit=unit, evidence="assumption", source=source, allowed=allowed,
                     range=range, doc=doc, doc_zh=doc_zh, **limits)


def published(default: Any, unit: str, allowed: str | None, range: str | None, reported: str, source: str, doc: str,
              doc_zh: str, **limits: Any) -> Any:
    """A number that the source has in this unit, within what it reports."""
    return parameter(default, unit=unit, evidence="literature", source=source, allowed=allowed,
                     range=range, reported=reported, doc=doc, doc_zh=doc_zh, **limits)


def signed(default: Any, unit: str, allowed: str | None, range: str | None, source: str, doc: str, doc_zh: str,
           **limits: Any) -> Any:
    """A number whose direction the source bears out, of another quantity or in another unit: its size is assumed."""
    return parameter(default, unit=unit, evidence="sign only", source=source, allowed=allowed,
                     range=range, doc=doc, doc_zh=doc_zh, **limits)


SAID = ("unit", "allowed", "range", "source", "evidence", "doc_zh", "source_zh", "reported")   # beside a field's own


@dataclass(frozen=True)
class Row:
    """One line of the parameter table: what the documents, the template and `sim show` print."""

    key: str
    kind: str
    unit: str
    default: object
    allowed: str
    range: str
    source: str
    evidence: str
    doc: str
    doc_zh: str
    required: bool = False
    source_zh: str = ""
    reported: str = ""         # interval that the source has in this unit

    def source_in(self, lang: str) -> str:
        """The source in a language; a citation stays as published."""
        return lang == "zh" and self.source_zh or known(self.source, lang)

    def doc_in(self, lang: str) -> str:
        """What the parameter is, in a language."""
        return lang == "zh" and self.doc_zh or self.doc


def declared(field: FieldInfo) -> dict[str, Any]:
    """What `parameter` says of a field of a Section, beside its default and its type."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def rows(model: type[Section], prefix: str = "") -> list[Row]:
    """Every declared parameter of a Section and of the Sections inside it, as Rows.

    Tables whose keys the user names (dict fields) appear under their own key.
    """
    found = []
    for name, field in model.model_fields.items():
        key = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found += rows(field.annotation, f"{key}.")
            continue
        said = {each: declared(field).get(each, "") for each in SAID}
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        found.append(Row(key=key, kind=_kind(field.annotation), default=default, doc=field.description or "",
                         required=field.is_required(), **said))
    return found


@functools.cache
def rows_by_path(model: type[Section]) -> dict[tuple[str | int, ...], Row]:
    """Key path -> Row of every parameter of a Section."""
    return {tuple(row.key.split(".")): row for row in rows(model)}


def value_at(section: Section, path: Iterable[str | int]) -> Any:
    """What stands at a key path in a Section, None where there is nothing."""
    value: Any = section
    return functools.reduce(lambda inner, name: getattr(inner, str(name), None), path, value)


def _kind(annotation: Any) -> str:
    """A type as people write it: "float | 'solve'", "dict[str, float]"; None is left out."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return " | ".join(repr(choice) for choice in arguments)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(_kind(choice) for choice in arguments if choice is not types.NoneType)
    if origin:
        return f"{origin.__name__}[{', '.join(_kind(inner) for inner in arguments)}]"
    return str(annotation.__name__)
