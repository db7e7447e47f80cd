"""Which kernels Python calls, and with arguments of which types: what is compiled before anything is simulated.

They stand in `sim/data/kernels.json`, which `python docs/kernels.py` writes from short runs. An entry that no run
needs any more costs time and nothing else; a kernel that is missing is compiled when it is first called.
"""

import importlib
import json
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any, NamedTuple

from numba.core import types

FILE = "data/kernels.json"
NAMES = {"bool": "boolean", "NumPyRandomGeneratorType": "npy_rng"}     # of types that numba.core.types calls otherwise


class Signature(NamedTuple):
    """A kernel and the types of its arguments, as positions in a table of types."""

    kernel: str                # module:function
    arguments: tuple[int, ...]
    seconds: float             # that its compilation took where the file was written, for the order


def read() -> tuple[list[Any], list[Signature]]:
    """(table of types, signatures, those that take longest first) of the file."""
    found = json.loads(content())
    signatures = [Signature(each["kernel"], tuple(each["arguments"]), each["seconds"]) for each in found["kernels"]]
    return found["types"], sorted(signatures, key=lambda each: -each.seconds)


def content() -> bytes:
    """The file's bytes."""
    return resources.files("sim").joinpath(FILE).read_bytes()


def compile_kernel(table: Sequence[Any], signature: Signature) -> None:
    """Compile a kernel for such arguments, or find it compiled in the cache."""
    module, name = signature.kernel.split(":")
    kernel = getattr(importlib.import_module(module), name)
    kernel.compile(tuple(type_at(table, each) for each in signature.arguments))


def type_at(table: Sequence[Any], place: int) -> Any:
    """numba's type at a place of a table: a scalar's name, an array's traits, or a tuple's class and members."""
    said = table[place]
    if isinstance(said, str):
        return getattr(types, said)
    if "class" not in said:
        return types.Array(getattr(types, said["of"]), said["dimensions"], said["layout"], readonly=said["readonly"])
    members = [type_at(table, each) for each in said["members"]]
    return types.BaseTuple.from_types(members, _class_of(said["class"]))  # type: ignore[no-untyped-call]  # numba's


def text_of(compiled: Iterable[tuple[str, Sequence[Any], float]]) -> str:
    """The file's text, from (module:function, types of the arguments, seconds) of kernels."""
    table: dict[str, int] = {}
    kernels = [{"kernel": name, "seconds": round(seconds, 1), "arguments": [_place_of(each, table) for each in given]}
               for name, given, seconds in compiled]
    lines = [",\n  ".join(rows) for rows in (table, map(json.dumps, kernels))]
    return '{{"types": [\n  {}],\n "kernels": [\n  {}]}}\n'.format(*lines)


def _place_of(kind: Any, table: dict[str, int]) -> int:
    """Position of a type in a table of texts, to which it is added if it is new."""
    if isinstance(kind, types.Array):
        said: Any = {"of": str(kind.dtype), "dimensions": kind.ndim, "layout": kind.layout,
                     "readonly": not kind.mutable}
    elif isinstance(kind, types.BaseTuple):
        members = [_place_of(each, table) for each in kind.types]  # type: ignore[attr-defined]  # every class has them
        said = {"class": _name_of(kind), "members": members}
    else:
        said = NAMES.get(str(kind), str(kind))
    return table.setdefault(json.dumps(said), len(table))


def _name_of(kind: Any) -> str:
    """module:class of a tuple that has names, "" of a plain one."""
    owner = getattr(kind, "instance_class", tuple)
    return "" if owner is tuple else f"{owner.__module__}:{owner.__qualname__}"


def _class_of(name: str) -> Any:
    """The class of such a name, None for ""."""
    if not name:
        return None
    module, owner = name.split(":")
    return getattr(importlib.import_module(module), owner)
