"""Tables of parameters: of a scenario, of policies, of the specs of an estimation; and how many have which evidence."""

import itertools
from collections import Counter

from generated_tables.markdown import code, first_line, table, unit_zh
from sim import policies
from sim.base.messages import known
from sim.config.fault_wording import expected
from sim.config.parameters import EVIDENCE, rows
from sim.config.toml_file import format_value
from sim.experiments.estimation.spec import Regressor, SpecFile
from sim.experiments.estimation.table_spec import TableFile, TableRegressor
from sim.policies import Policy
from sim.scenario import schema

PARAMETER = ("key", "unit", "default", "allowed", "usual range", "evidence", "source", "what it is")


def scenario_parameters():
    """Every parameter outside policies, a heading and a table for each section of a scenario file."""
    found = [row for row in rows(schema.build()) if row.key != "policies"]
    parts = []
    for section, members in itertools.groupby(found, lambda row: row.key.rpartition(".")[0]):
        heading = f"### `[{section}]`" if section else "### At the top of the file"
        parts += [heading, "", _parameters(members), ""]
    return "\n".join(parts).rstrip()


def policy_parameters():
    """The keys of policies: those that all have, then each instrument's own."""
    parts = ["### Every policy: `[policies.NAME]`", "", _parameters(rows(Policy)), ""]
    for entry in policies.registry.entries():
        idle = f" Without effect here: {', '.join(map(code, entry.unused))}." if entry.unused else ""
        parts += [f"### `instrument = \"{entry.name}\"`", "", first_line(entry) + idle, "",
                  _parameters(own_keys(entry)), ""]
    return "\n".join(parts).rstrip()


def policy_parameters_zh():
    """The keys of policies in Chinese: those that all have, then each instrument's own."""
    parts = ["### 各项政策共有：`[policies.名称]`", "", _parameters_zh(rows(Policy)), ""]
    for entry in policies.registry.entries():
        parts += [f"### {entry.title_zh} `{entry.name}`", "", _parameters_zh(own_keys(entry)), ""]
    return "\n".join(parts).rstrip()


def evidence():
    """How many parameters of a scenario and of the instruments have each class of evidence."""
    every = [row for row in rows(schema.build()) if row.key != "policies"] + rows(Policy)
    every += [row for entry in policies.registry.entries() for row in own_keys(entry)]
    counted = Counter(row.evidence for row in every)
    said = ", ".join(f"{counted[kind]} {kind}" for kind in EVIDENCE)
    return f"Of {len(every)} parameters: {said} (a choice is the user's own: dates, seeds, switches, names)."


def estimation_spec():
    """The keys of the spec of an estimation, those of a regressor last."""
    found = [row for row in rows(SpecFile) if row.key != "regressors"] + rows(Regressor, "regressors.NAME.")
    return table(("key", "unit", "default", "allowed", "what it is"), [
        (code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.doc) for row in found])


def estimation_table_spec():
    """The keys of the spec of a table of choices, those of a regressor last."""
    found = [row for row in rows(TableFile) if row.key != "regressors"] + rows(TableRegressor, "regressors.NAME.")
    return table(("key", "unit", "default", "allowed", "what it is"), [
        (code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.doc) for row in found])


def own_keys(instrument):
    """The parameters of an instrument that not every policy has."""
    return [row for row in rows(instrument.schema) if row.key not in Policy.model_fields]


def _parameters(declared):
    return table(PARAMETER, [_parameter(row) for row in declared])


def _parameter(row):
    source = row.source if row.evidence != "choice" else ""
    return (code(row.key), row.unit, _default(row), str(expected(row)).split(", unit")[0], row.range, row.evidence,
            source, row.doc)


def _default(row):
    if row.required:
        return "required"
    return "not set" if row.default is None else code(format_value(row.default))


def _parameters_zh(declared):
    lines = [(code(row.key), row.doc_in("zh"), unit_zh(row.unit), "必填" if row.required else "未设" if row.default is
              None else code(format_value(row.default)), row.allowed, known(row.evidence, "zh")) for row in declared]
    return table(("键", "含义", "单位", "默认值", "允许的值", "证据类别"), lines)
