"""Writes the generated tables of the documents from the code that they describe.

`python docs/generate.py` rewrites what stands between `<!-- generated: NAME -->` and
`<!-- end: NAME -->` in every page of this folder; a test fails while a page is stale.
"""

import ast
import configparser
import itertools
import pathlib
import re
import tomllib
from collections import Counter

from sim import metrics, policies, terms
from sim.base import errors
from sim.base.messages import known
from sim.config import toml_file
from sim.config.fault_wording import expected
from sim.config.parameters import EVIDENCE, rows
from sim.config.toml_file import format_value
from sim.experiments.backtest import measures, rivals
from sim.experiments.estimation.spec import Regressor, SpecFile
from sim.experiments.estimation.table_spec import TableFile, TableRegressor
from sim.model.preflight.validation import region_of
from sim.plots import comparison as comparison_plots
from sim.plots import run as run_plots
from sim.plots.common.words import title_of
from sim.policies import Policy
from sim.region import columns
from sim.results import dataset, direct_effects
from sim.scenario import schema
from sim.scenario.load import load

FOLDER = pathlib.Path(__file__).parent
SCENARIOS = FOLDER.parent / "scenarios"
SOURCES = FOLDER.parent / "sim"
PACKAGES = ("dual-regime", "ftz-movers", "full-package", "infrastructure", "projects", "service-systems")
BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)
PARAMETER = ("key", "unit", "default", "allowed", "usual range", "evidence", "source", "what it is")


def pages():
    """The pages of this folder, the Chinese ones, and that of the scenario files."""
    return [*sorted(FOLDER.glob("*.md")), *sorted(FOLDER.glob("zh/*.md")), SCENARIOS / "README.md"]


def fresh(text):
    """The text of a page with every generated block made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def write():
    """Rewrite the pages that are stale; their names."""
    stale = [page for page in pages() if fresh(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in stale:
        page.write_text(fresh(page.read_text("utf-8")), "utf-8", newline="\n")
    return [page.name for page in stale]


def table(head, lines):
    """A Markdown table."""
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in [head, rule, *lines])


def _cell(value):
    return " ".join(str(value).split()).replace("|", "\\|") or "–"


def _code(text):
    return f"`{text}`" if text else ""


def _first_line(entry):
    """What an entry says of itself: the first paragraph of its docstring."""
    return entry.__doc__.strip().split("\n\n")[0]


# -- parameters -------------------------------------------------------------------------------------

def _parameters(declared):
    return table(PARAMETER, [_parameter(row) for row in declared])


def _parameter(row):
    source = row.source if row.evidence != "choice" else ""
    return (_code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.range, row.evidence,
            source, row.doc)


def _default(row):
    if row.required:
        return "required"
    return "not set" if row.default is None else _code(format_value(row.default))


def scenario_parameters():
    """Every parameter outside policies, a heading and a table for each section of a scenario file."""
    found = [row for row in rows(schema.build()) if row.key != "policies"]
    parts = []
    for section, members in itertools.groupby(found, lambda row: row.key.rpartition(".")[0]):
        heading = f"### `[{section}]`" if section else "### At the top of the file"
        parts += [heading, "", _parameters(members), ""]
    return "\n".join(parts).rstrip()


def estimation_spec():
    """The keys of the spec of an estimation, those of a regressor last."""
    found = [row for row in rows(SpecFile) if row.key != "regressors"] + rows(Regressor, "regressors.NAME.")
    return table(("key", "unit", "default", "allowed", "what it is"), [
        (_code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.doc) for row in found])


def estimation_table_spec():
    """The keys of the spec of a table of choices, those of a regressor last."""
    found = [row for row in rows(TableFile) if row.key != "regressors"] + rows(TableRegressor, "regressors.NAME.")
    return table(("key", "unit", "default", "allowed", "what it is"), [
        (_code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.doc) for row in found])


def policy_parameters():
    """The keys of policies: those that all have, then each instrument's own."""
    parts = ["### Every policy: `[policies.NAME]`", "", _parameters(rows(Policy)), ""]
    for entry in policies.registry.entries():
        idle = f" Without effect here: {', '.join(map(_code, entry.unused))}." if entry.unused else ""
        parts += [f"### `instrument = \"{entry.name}\"`", "", _first_line(entry) + idle, "",
                  _parameters(_own(entry)), ""]
    return "\n".join(parts).rstrip()


def policy_parameters_zh():
    """The keys of policies in Chinese: those that all have, then each instrument's own."""
    parts = ["### 各项政策共有：`[policies.名称]`", "", _parameters_zh(rows(Policy)), ""]
    for entry in policies.registry.entries():
        parts += [f"### {entry.title_zh} `{entry.name}`", "", _parameters_zh(_own(entry)), ""]
    return "\n".join(parts).rstrip()


def _parameters_zh(declared):
    lines = [(_code(row.key), row.doc_in("zh"), _unit_zh(row.unit), "必填" if row.required else "未设" if row.default is
              None else _code(format_value(row.default)), row.allowed, known(row.evidence, "zh")) for row in declared]
    return table(("键", "含义", "单位", "默认值", "允许的值", "证据类别"), lines)


def _own(instrument):
    """The parameters of an instrument that not every policy has."""
    return [row for row in rows(instrument.schema) if row.key not in Policy.model_fields]


def evidence():
    """How many parameters of a scenario and of the instruments have each class of evidence."""
    every = [row for row in rows(schema.build()) if row.key != "policies"] + rows(Policy)
    every += [row for entry in policies.registry.entries() for row in _own(entry)]
    counted = Counter(row.evidence for row in every)
    said = ", ".join(f"{counted[kind]} {kind}" for kind in EVIDENCE)
    return f"Of {len(every)} parameters: {said} (a choice is the user's own: dates, seeds, switches, names)."


# -- drawers ----------------------------------------------------------------------------------------

def _terms():
    lines = [(_code(e.name), e.title_zh, {1: "+", -1: "–", 0: "either"}[e.sign], _code(e.driver), _varies(e),
              _first_line(e)) for e in terms.registry.entries()]
    return table(("term", "中文", "sign", "with what it rises", "differs by enterprise", "what it is"), lines)


def _varies(entry):
    if entry.peers:
        return "live counts, itself left out"
    if isinstance(entry.loading, tuple):
        return "times its " + ", ".join(f"`{name}`" for name in entry.loading)
    return f"times its `{entry.loading}`" if entry.loading else "by class at most"


def _instruments():
    lines = [(_code(e.name), e.title_zh, ", ".join(_code(row.key) for row in _own(e)), _first_line(e))
             for e in policies.registry.entries()]
    return table(("instrument", "中文", "own keys", "what it does"), lines)


def _regimes():
    lines = [(_code(name), regime.get("title", ""), regime.get("title_zh", ""), _parts(regime))
             for name, regime in schema.regimes().items()]
    return table(("regime", "title", "Chinese title", "parts"), lines)


def _regimes_zh():
    lines = [(_code(name), regime.get("title_zh", ""), "；".join(map(_part_zh, regime["policies"].values())))
             for name, regime in schema.regimes().items()]
    return table(("制度", "名称", "组成"), lines)


def _part_zh(given):
    """A part of a regime by its title, else by that of its instrument."""
    entry = policies.registry.get(given["instrument"])
    return f"{given.get('title_zh') or entry.title_zh}（{_code(entry.name)}）"


def _parts(regime):
    return ", ".join(f"{part}: {_code(given['instrument'])}" for part, given in regime["policies"].items())


def _metrics():
    lines = [(_code(e.name), e.units, _first_line(e), e.null, e.convention)
             for e in metrics.registry.entries()]
    return table(("metric", "unit", "what it is", "expected by chance", "convention"), lines)


def _comparison_plots():
    lines = [(_code(e.name), e.title, title_of(e, "zh"), ", ".join(map(_code, e.needs)), _first_line(e))
             for e in comparison_plots.registry.entries()]
    return table(("figure", "title", "Chinese title", "tables it needs", "what it shows"), lines)


def _plots():
    lines = [(_code(e.name), e.title, title_of(e, "zh"), _first_line(e)) for e in run_plots.registry.entries()]
    return table(("figure", "title", "Chinese title", "what it shows"), lines)


def _measures():
    lines = [(_code(e.name), e.counts, e.title_zh, _first_line(e)) for e in measures.registry.entries()]
    return table(("measure", "what it counts", "中文", "what it is"), lines)


def _rivals():
    lines = [(_code(e.name), e.title_zh, _first_line(e)) for e in rivals.registry.entries()]
    return table(("rival", "中文", "what it forecasts"), lines)


# -- scenarios --------------------------------------------------------------------------------------

def _files():
    """Paths of the shipped scenario files by name, the baseline first."""
    return sorted(SCENARIOS.glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))


def _scenarios():
    lines = []
    for path in _files():
        data = toml_file.read(path).data
        link = f"[{path.name}]({path.name})"
        titles = data.get("title", ""), data.get("title_zh", "")
        lines.append((link, *titles, _code(data.get("extends", "")), _sets(data)))
    return table(("file 文件", "title", "名称", "extends 继承", "policies that it sets 设定的政策"), lines)


def _sets(data):
    return ", ".join(name + _kind_of(given) for name, given in data.get("policies", {}).items()) or "–"


def _kind_of(given):
    kind = given.get("instrument") or given.get("regime")
    return f" ({_code(kind)})" if kind else ""


def _direct_effects():
    """The direct effect of every policy that is no part of the baseline, from the file that brings it alone."""
    common, lines = load(SCENARIOS / "baseline.toml").values.policies, []
    for path in _files():
        if path.stem in PACKAGES or path.stem.endswith("-withdrawn"):
            continue
        scenario = load(path)
        effects = direct_effects.effects(region_of(scenario), scenario)
        lines += _effect_lines(path.stem, effects[~effects["policy"].isin(list(common))])
    head = ("scenario", "policy", "channel", "for whom", "newcomers", "movers", "low", "high")
    return table(head, lines)


def _effect_lines(name, effects):
    by = effects.groupby(["policy", "channel", "applies_to"], sort=False)
    for (policy, channel, whom), part in by:
        mean = part.groupby("status")["dv"].mean()
        numbers = mean["newcomer"], mean["mover"], part["dv_lowest"].min(), part["dv_highest"].max()
        rounded = (round(number, 9) + 0.0 for number in numbers)              # a tie falls the same way everywhere
        yield _code(name), policy, channel.split(" at ")[0], whom, *(f"{number:.3f}" for number in rounded)


def _overlaps():
    lines = [(_code(entry.name), entry.overlap) for entry in policies.registry.entries()]
    return table(("several of", "what counts"), lines)


# -- results and house ------------------------------------------------------------------------------

def _variables():
    lines = [(_code(name), ", ".join(dims), unit, text, text_zh)
             for name, (dims, unit, text, text_zh) in dataset.VARIABLES.items()]
    return table(("variable", "dimensions", "unit", "what it is", "Chinese name"), lines)


def _variables_zh():
    return table(("变量", "单位", "含义"), [(_code(name), _unit_zh(unit), text_zh)
                                         for name, (_dims, unit, _text, text_zh) in dataset.VARIABLES.items()])


def _exit_codes():
    kinds = {kind.exit_code: _first_line(kind) for kind in _kinds(errors.SimError)}
    lines = [(code, what) for code, what in sorted({0: "All is done.", **kinds}.items())]
    return table(("exit code", "meaning"), lines)


def _kinds(kind):
    """The errors of `sim.base.errors` that end with a code of their own."""
    return [below for below in kind.__subclasses__() if below.__module__ == errors.__name__]


def _rooms():
    """The rooms of the package and what their own first lines say of them, in the order of the floors."""
    order = re.findall(r"\w+", _floors().replace("```text", ""))
    lines = [(_code(f"{name}/" if (SOURCES / name).is_dir() else f"{name}.py"), _says(name)) for name in order]
    return table(("room", "what it is"), lines)


def _says(name):
    """First line of a room's docstring, read without importing it."""
    path = SOURCES / name / "__init__.py" if (SOURCES / name).is_dir() else SOURCES / f"{name}.py"
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))).split("\n")[0]


def _floors():
    """The floors as the import contract lists them, the highest first."""
    settings = configparser.ConfigParser()
    settings.read(FOLDER.parent / "setup.cfg", encoding="utf-8")
    floors = settings["importlinter:contract:floors"]["layers"].split("\n")
    return "\n".join(["```text", *(floor.strip() for floor in floors if floor.strip()), "```"])


def _region_columns():
    """Every column of a region's tables: unit, allowed values, meaning."""
    said, parts = _said_of_columns(), []
    for file, sheet in columns.TABLES.items():
        lines = [(_code(name), _kind_of_cells(column), said[file][name][0], column.allowed,
                  "" if column.required else "optional", said[file][name][1])
                 for name, column in sheet.columns.items()]
        optional = "" if sheet.required else " (optional)"
        head = ("column", "kind", "unit", "allowed", "", "what it is")
        parts += [f"### {file}{optional}", "", table(head, lines), ""]
    return "\n".join(parts).rstrip()


def _region_columns_zh():
    """The same in Chinese."""
    said, parts = _said_of_columns(), []
    for file, sheet in columns.TABLES.items():
        lines = [(_code(name), CELLS_ZH[_kind_of_cells(column)], _unit_zh(said[file][name][0]), column.allowed,
                  "" if column.required else "可缺省", said[file][name][2]) for name, column in sheet.columns.items()]
        optional = "" if sheet.required else "（可缺省）"
        parts += [f"### {file}{optional}", "", table(("列", "类型", "单位", "允许的值", "", "含义"), lines), ""]
    return "\n".join(parts).rstrip()


def _said_of_columns():
    return tomllib.loads((FOLDER / "region-columns.toml").read_text("utf-8"))


def _unit_zh(unit):
    """A unit in Chinese, nothing for a pure number."""
    return "" if unit == "1" else known(unit, "zh")


def _kind_of_cells(column):
    """What a cell holds, in words."""
    return {"ids": "list of ids", "numbers": "list of numbers", "flag": "0 or 1", "evidence": "class of evidence",
            "word": "one of the words"}.get(column.kind, column.kind)


CELLS_ZH = {"id": "代码", "text": "文本", "number": "数值", "0 or 1": "0 或 1", "date": "日期", "count": "整数",
            "list of ids": "代码列表", "list of numbers": "数值列表", "class of evidence": "证据类别",
            "one of the words": "限定词"}

BLOCKS = {"region_columns_zh": _region_columns_zh, "policies_zh": policy_parameters_zh, "regimes_zh": _regimes_zh,
          "variables_zh": _variables_zh, "region_columns": _region_columns, "estimation-spec": estimation_spec,
          "estimation-table-spec": estimation_table_spec,
          "parameters": scenario_parameters, "policies": policy_parameters, "evidence": evidence,
          "terms": _terms, "instruments": _instruments, "regimes": _regimes, "metrics": _metrics,
          "scenarios": _scenarios, "direct-effects": _direct_effects, "overlaps": _overlaps, "plots": _plots,
          "comparison-plots": _comparison_plots, "variables": _variables, "exit-codes": _exit_codes, "floors": _floors,
          "rooms": _rooms, "measures": _measures, "rivals": _rivals}


if __name__ == "__main__":
    print(*write() or ["nothing was stale"], sep="\n")
