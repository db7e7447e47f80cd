"""What other installed packages add: terms, instruments, metrics, figures, theorems, regimes, regions, worlds.

A package says so by entry points (packaging.python.org, "Entry points") in the groups
`cluster_formation_simulator.terms`, `.policies`, `.metrics`, `.plots`, `.comparison_plots` and `.theorems`. The value
is a module that registers entries when it is imported. For `.regimes`, `.regions` and `.worlds` it is a
folder of data, laid out as those of `sim/data` are.
"""

import functools
import hashlib
import importlib.util
from collections.abc import Iterable
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of

PREFIX = "cluster_formation_simulator."
KINDS = ("terms", "policies", "metrics", "plots", "comparison_plots", "theorems", "regimes", "regions", "worlds")
COMPUTE = ("terms", "policies", "regimes")        # change results; a region has a digest of its own


class Plugin(NamedTuple):
    """One entry point of an installed package."""

    package: str
    version: str
    kind: str
    point: metadata.EntryPoint


@functools.cache
def installed() -> list[Plugin]:
    """Every Plugin that there is, by package and name; InputError for a group that means nothing."""
    by_package: dict[str, list[Plugin]] = {}
    for each in metadata.distributions():
        ours = [point for point in each.entry_points if point.group.startswith(PREFIX)]
        if ours:                   # the first of a name on the path is the one that Python imports
            by_package.setdefault(each.name, [Plugin(each.name, each.version, point.group.removeprefix(PREFIX), point)
                                              for point in ours])
    found = [plugin for name in sorted(by_package) for plugin in sorted(by_package[name])]
    unknown = [each for each in found if each.kind not in KINDS]
    if unknown:
        raise InputError([problem(each, _("the group {group} of its entry points is unknown", group=each.point.group),
                                  one_of(PREFIX + kind for kind in KINDS)) for each in unknown])
    return found


def of(kind: str | None) -> list[Plugin]:
    """The Plugins of one kind."""
    return [each for each in installed() if each.kind == kind]


def load(plugin: Plugin) -> None:
    """Import what a Plugin names; InputError in one sentence where that fails."""
    try:
        plugin.point.load()
    except InputError:
        raise
    except Exception as error:
        raise broken(plugin, error) from error


def folder(plugin: Plugin) -> Traversable:
    """The folder of data that a Plugin names."""
    try:
        return resources.files(plugin.point.module)
    except Exception as error:
        raise broken(plugin, error) from error


def broken(plugin: Plugin, error: Exception) -> InputError:
    """The InputError that tells of a package which cannot be used, whatever it was that failed in it."""
    reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return InputError(problem(plugin, _("it cannot be used: {reason}", reason=reason)))


def problem(plugin: Plugin, wrong: str, expected: str = "") -> Problem:
    """A Problem with a package."""
    point = plugin.point
    return Problem(f"package {plugin.package} {plugin.version}", f"{point.name} = {point.value}", wrong, expected,
                   _("correct the package or uninstall it"))


def package_of(module: str) -> str:
    """Name of the package that brought a module, "" for this program's own."""
    return {_top(each): each.package for each in installed()}.get(module.partition(".")[0], "")


def versions() -> dict[str, str]:
    """Package -> version, of all that add something."""
    return {each.package: each.version for each in installed()}


@functools.cache
def stamps() -> dict[str, str]:
    """Package -> version and digest of its files, of those that change results."""
    tops: dict[str, set[str]] = {}
    for each in installed():
        if each.kind in COMPUTE:
            tops.setdefault(each.package, set()).add(_top(each))
    return {package: f"{versions()[package]} (sources {_digest(sorted(found))})" for package, found in tops.items()}


def _top(plugin: Plugin) -> str:
    return plugin.point.module.partition(".")[0]


def _digest(modules: Iterable[str]) -> str:
    """Digest of all files below the folders of top-level modules, what Python compiled left out."""
    digest = hashlib.sha256()
    for module in modules:
        spec = importlib.util.find_spec(module)
        places = (spec.submodule_search_locations or [spec.origin or ""]) if spec else []
        roots = [Path(each) for each in places if each]
        for root in roots:
            files = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
            for path in files:
                if "__pycache__" not in path.parts:
                    digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
