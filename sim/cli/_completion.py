"""What the shell completes: scenario files, worlds, regions, keys of --set, and places behind their =."""

import pathlib
from typing import Any

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from sim.base.errors import SimError

REGION = "yrd-zone"
PLACES = ("sites", "stops", "hosts", "partners")      # keys whose values are places
ADDED = "COMPREPLY+=($value)"                          # where click's function for bash takes a completion in
UNFINISHED = f'{ADDED}; [[ $value == *[=/] ]] && compopt -o nospace'      # what goes on is not ended by a space


@add_completion_class
class Bash(BashComplete):
    """bash, which takes KEY=VALUE apart at the = and replaces only what stands behind it."""

    source_template = BashComplete.source_template.replace(ADDED, UNFINISHED)
    behind = False             # whether what is completed stands behind such a =

    def get_completion_args(self) -> tuple[list[str], str]:
        """(the words before, what is completed), a KEY=VALUE being one word."""
        before, last = super().get_completion_args()
        words = _joined([*before, last])
        self.behind = "=" in (last, *before[-1:])
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """The kind of a completion, and of it what bash puts in."""
        value = item.value.partition("=")[2] if self.behind else item.value
        return f"{item.type},{value}"


def _joined(words):
    """Words, with those on both sides of a = in one with it."""
    found: list[str] = []
    for word in words:
        if found and (word == "=" or found[-1].endswith("=")) and "=" not in found[-1][:-1]:
            found[-1] += word
        else:
            found.append(word)
    return found


def worlds(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """Worlds that scenarios can be set in."""
    from sim.base import package_data

    return [CompletionItem(name) for name in package_data.worlds() if name.startswith(incomplete)]


def regions(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """Regions that are installed, and folders below what is typed."""
    from sim.base import package_data

    there = [CompletionItem(name) for name in package_data.regions() if name.startswith(incomplete)]
    return there or [CompletionItem(incomplete, type="dir")]


def scenarios(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """Scenario files and folders below what is typed; keys where none begins so.

    A shell asks here as well for the value of --set behind a scenario: click's parser stops at an option without one
    and leaves the arguments before it unread.
    """
    typed = pathlib.Path(incomplete)
    folder = typed if incomplete.endswith("/") else typed.parent
    try:
        there = sorted(folder.iterdir())
    except OSError:
        there = []
    found = [CompletionItem(f"{path}/" if path.is_dir() else str(path)) for path in there
            if str(path).startswith(incomplete.removeprefix("./")) and path.name[0] != "."
            and (path.is_dir() or path.suffix == ".toml")]
    return found or settings(ctx, param, incomplete)


def settings(ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
    """KEY= for keys of the scenario that is typed before, with what they are; after the = the names of places."""
    key, given, value = incomplete.partition("=")
    if not given:
        return [CompletionItem(f"{name}=", help=said) for name, said in _keys(ctx).items() if name.startswith(key)]
    if key.rpartition(".")[2] not in PLACES:
        return []
    return [CompletionItem(f"{key}={name}") for name in _sites(ctx) if name.startswith(value)]


def _keys(ctx):
    """Key -> what it is, of the scenario file among the arguments, else of any scenario."""
    from sim.config.parameters import rows_by_path
    from sim.config.toml_file import dotted
    from sim.scenario import parameter_paths, schema
    from sim.scenario.load import load

    known = {dotted(path): row.doc for path, row in rows_by_path(schema.build()).items() if path != ("policies",)}
    path = _file(ctx)
    if path:
        try:
            known |= {key: known.get(key, "") for key in parameter_paths.known(load(path))}
        except SimError:
            return known
    return known


def _sites(ctx):
    """Groups of places, and the ids of the region's sites."""
    from sim.policies.sites import site_groups
    from sim.region.load import load as region_of
    from sim.scenario.load import load

    try:
        region = region_of(load(_file(ctx)).values.region if _file(ctx) else REGION)
        return [*site_groups(region), *region.sites.index]
    except SimError:
        return []


def _file(ctx):
    """The scenario file that was typed before, None for none."""
    typed = (ctx.params.get("scenario"), *ctx.args)
    return next((text for text in typed if text and pathlib.Path(text).is_file()), None)
