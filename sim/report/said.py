"""What the program says in English elsewhere, in the language of a page: sources and warnings."""

import functools
import re
import tomllib

from sim.base.messages import LOCALE, known

HEAD = re.compile(r"(?P<where>.*?): found (?P<what>.*)", re.DOTALL)


def source(text, lang):
    """The source of a number; a citation stays as published.

    >>> source("no source found", "zh"), source("Lin 2017", "zh")
    ('未找到来源', 'Lin 2017')
    """
    return _sources().get(text) or known(text, lang) if lang == "zh" else text


@functools.cache
def _sources():
    """English -> Chinese, of parameters that bring their own."""
    from sim import policies
    from sim.config.parameters import rows
    from sim.scenario import schema

    declared = [*rows(schema.build()), *(row for entry in policies.registry.entries() for row in rows(entry.schema))]
    return {row.source: row.source_zh for row in declared if row.source_zh}


def warning(text, lang):
    """A warning of the program in the language, or None where it has no translation.

    >>> warning("a.toml:3:1: policies.x.lag: found a key without effect, grant does not use it", "zh")
    'a.toml:3:1: policies.x.lag：该键无作用，工具 grant 不使用它'
    """
    if lang == "en":
        return text
    head = HEAD.fullmatch(text)
    for pattern, chinese in _patterns() if head else ():
        if found := pattern.fullmatch(head["what"]):
            blanks = {name: source(value, lang) for name, value in found.groupdict().items()}
            return f"{head['where']}：{chinese.format(**blanks)}"
    return None


@functools.cache
def _patterns():
    """[(pattern of an English sentence, Chinese sentence)]; what stands in braces is anything."""
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), chinese)
            for english, chinese in tomllib.loads((LOCALE / "warnings.toml").read_text("utf-8"))["warnings"]]
