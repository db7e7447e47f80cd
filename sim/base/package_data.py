"""What this package and others bring along as data, by name."""

import functools
import pathlib
from collections.abc import Callable
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from sim.base import plugins
from sim.base.errors import InputError, Problem
from sim.base.messages import _

FONTS = pathlib.Path(__file__).parents[1] / "data" / "fonts"
FONT_WEIGHTS = {400: "Regular", 700: "Bold"}
KINDS = {"regions": _("regions"), "regimes": _("regimes"), "worlds": _("worlds")}


class Shipped(NamedTuple):
    """A file or folder of data and the package that brought it, "" for this one."""

    place: Traversable
    package: str


@functools.cache
def regions() -> dict[str, Shipped]:
    """Name -> Shipped, the folder of a region."""
    return _all("regions", lambda place: place.is_dir() and place.name[0] not in "._",
                lambda place: place.name.replace("_", "-"))


@functools.cache
def regimes() -> dict[str, Shipped]:
    """Name -> Shipped, the file of a regime."""
    return _all("regimes", _is_toml, _stem)


@functools.cache
def worlds() -> dict[str, Shipped]:
    """Name -> Shipped, the file of a world."""
    return _all("worlds", _is_toml, _stem)


def _is_toml(place: Traversable) -> bool:
    return place.name.endswith(".toml")


def _stem(place: Traversable) -> str:
    return place.name.removesuffix(".toml")


def _all(kind: str, wanted: Callable[[Traversable], bool], name_of: Callable[[Traversable], str]) -> dict[str, Shipped]:
    """Everything of a kind in the order of names; InputError for two of one name."""
    own = (resources.files("sim") / "data" / kind).iterdir()
    found = {name_of(place): Shipped(place, "") for place in own if wanted(place)}
    for plugin in plugins.of(kind):
        for name, place in _of(plugin, wanted, name_of).items():
            if name in found:
                raise InputError(plugins.problem(plugin, _("{name} already exists among the {kind}", name=repr(name),
                                                           kind=KINDS[kind]), _("a name of its own")))
            found[name] = Shipped(place, plugin.package)
    return dict(sorted(found.items()))


def _of(plugin: plugins.Plugin, wanted: Callable[[Traversable], bool],
        name_of: Callable[[Traversable], str]) -> dict[str, Traversable]:
    try:
        return {name_of(place): place for place in plugins.folder(plugin).iterdir() if wanted(place)}
    except OSError as error:
        raise plugins.broken(plugin, error) from error


def font_file(weight: int, folder: pathlib.Path = FONTS) -> pathlib.Path:
    """The Chinese font of a weight that comes with the package; InputError where it was taken out."""
    found = next(folder.glob(f"NotoSansSC-{FONT_WEIGHTS[weight]}*.ttf"), None)
    if found is None:
        wrong = _("the Chinese font is missing: no NotoSansSC-{weight}*.ttf", weight=FONT_WEIGHTS[weight])
        raise InputError(Problem(str(folder), "", wrong, remedy=_("install the package again")))
    return found
