"""`sim new`: a first scenario with every parameter explained, and a second one that changes a policy."""

import datetime
import os
import pathlib

from sim import policies
from sim.base import plain_files
from sim.base.errors import InputError, OutputError, Problem
from sim.base.messages import _
from sim.config.check import rows_by_path
from sim.config.toml_file import dotted, format_value
from sim.policies import Policy
from sim.region import load as region_files
from sim.scenario import schema

_WORDS = {
    "en": {"unit": "unit", "allowed": "allowed", "range": "usual", "data": "data",
           "literature": "literature", "sign only": "sign only", "assumption": "assumption", "choice": "choice",
           "baseline": "Every parameter with its default. Change a number, then check and run this file.",
           "policy": "A scenario is the small difference from the file it extends.",
           "title": "Pages call it after its policies and their dates, unless it sets a title.",
           "example": "A policy: one instrument, or a regime that bundles several.",
           "common": "Every policy may also have:",
           "others": "The other regimes and every instrument; take away the # signs of a table to use it."},
    "zh": {"unit": "单位", "allowed": "允许范围", "range": "常用范围", "data": "数据",
           "literature": "文献", "sign only": "仅符号", "assumption": "假定", "choice": "自选",
           "baseline": "列出全部参数及其默认值。修改一个数字，然后检查并运行本文件。",
           "policy": "一个情景只需写出与上级文件（extends）的少量差别。",
           "title": "未设标题（title、title_zh）时，页面以政策及其日期称呼本情景。",
           "example": "政策：可以是一种工具（instrument），也可以是由多种工具组成的制度（regime）。",
           "common": "每项政策还可以设置：",
           "others": "其他制度与全部政策工具；去掉某个表前的 # 号即可使用。"}}
UNITS_ZH = {
    "1": "无", "km": "公里", "min": "分钟", "year": "年", "quarter": "季度", "percentage point": "百分点",
    "share": "比例", "RMB million": "百万元", "RMB million per employee": "百万元/人", "employees": "人",
    "enterprises": "家", "RMB": "元",
    "RMB million per year": "百万元/年", "RMB million per km": "百万元/公里",
    "per year": "每年", "per minute": "每分钟", "per km": "每公里", "1/km": "每公里",
    "date": "日期", "text": "文字", "name": "名称", "names": "名称", "switch": "开关", "degree": "度",
    "km/h": "公里/小时", "count": "个", "km2": "平方公里"}


_EXAMPLE = {"sites": "towns", "start": datetime.date(2026, 1, 1)}


def write(folder, lang):
    """Write baseline.toml and policy.toml into a folder, never over a file; their paths."""
    texts = {"baseline.toml": baseline(lang), "policy.toml": policy(lang)}
    paths = {name: pathlib.Path(folder) / name for name in texts}
    taken = [path for path in paths.values() if os.path.lexists(path)]
    if taken:
        raise InputError(Problem(str(taken[0]), "", _("it already exists"), remedy=_("choose another folder")))
    try:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            with plain_files.new(path) as file:
                file.write(texts[name].encode("utf-8"))
    except (OSError, ValueError) as error:             # ValueError: a NUL in the name
        raise OutputError(_("{path}: cannot be written: {reason}", path=folder, reason=error)) from None
    return list(paths.values())


def baseline(lang):
    """A scenario file with every parameter of the core and the terms at its default."""
    return "\n".join([f"# {_WORDS[lang]['baseline']}", *_tables(lang)]) + "\n"


def policy(lang):
    """A scenario file that adds one regime and shows the other regimes and the instruments."""
    words, (first, *others) = _WORDS[lang], sorted(schema.regimes(), key=lambda name: name != "shanghai-ftz")
    lines = [f"# {words['policy']}", 'extends = "baseline.toml"', f"# {words['title']}", "",
             f"# {words['example']}", *_regime(first), f"# {words['common']}",
             *_commented(_keys(Policy, set(_EXAMPLE), lang)), "", f"# {words['others']}"]
    for name in others:
        lines += ["#", *_commented(_regime(name))]
    ids = _ids(region_files.load(schema.build().model_fields["region"].default))
    for entry in policies.registry.entries():
        example = _in_words_of(ids, entry.example)
        head = [f"[policies.my_{entry.name}]", f"instrument = {format_value(entry.name)}", *_example_keys(example)]
        lines += ["#", *_commented(head + _keys(entry.schema, set(Policy.model_fields), lang, example))]
    return "\n".join(lines) + "\n"


def _tables(lang):
    lines, table = [], ()
    for path, row in rows_by_path(schema.build()).items():
        if path == ("policies",):
            continue
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", f"[{dotted(table)}]"]
        lines += _parameter(row, path[-1], lang, row.default)
    return lines


def _regime(name):
    return [f"[policies.{name}]", f"regime = {format_value(name)}", *_example_keys()]


def _example_keys(example=()):
    """The keys that every policy of the file has, as the example wants them."""
    return [f"{key} = {format_value(dict(example).get(key, value))}" for key, value in _EXAMPLE.items()]


def _commented(lines):
    return [f"# {line}" for line in lines]


def _ids(region):
    """Name in an example -> what a region calls it."""
    kinds = {"site": region.sites, "industry": region.industries, "district": region.jurisdictions,
             "station": region.hubs}
    return {f"{kind}-{n}": name for kind, table in kinds.items() for n, name in enumerate(table.index)}


def _in_words_of(ids, value):
    """A value of an example with the names of a region."""
    if isinstance(value, dict):
        return {ids.get(key, key): _in_words_of(ids, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_words_of(ids, inner) for inner in value]
    return ids.get(value, value)


def _keys(model, without, lang, example=()):
    return [line for path, row in rows_by_path(model).items() if path[0] not in without
            for line in _parameter(row, row.key, lang, dict(example).get(row.key, row.default))]


def _parameter(row, key, lang, value):
    words = _WORDS[lang]
    unit = UNITS_ZH[row.unit] if lang == "zh" else row.unit
    notes = [f"{words[name]} {text}" for name, text in
             (("unit", unit), ("allowed", row.allowed), ("range", row.range)) if text]
    notes.append(words[row.evidence] if row.evidence == "choice" else f"{words[row.evidence]}: {row.source}")
    return [f"# {(row.doc_zh if lang == 'zh' else '') or row.doc}",
            f"#   {'; '.join(notes)}",
            f"# {key} =" if value is None else f"{key} = {format_value(value)}"]
