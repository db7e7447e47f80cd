"""Decisions are numbered once and for all, and the code refers to numbers that there are."""

import re

from tests.samples.runs import ROOT


def _numbers(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def test_decisions_are_numbered_without_a_gap():
    headings = re.findall(r"(?m)^### (\d+)\. \S", (ROOT / "docs" / "decisions.md").read_text("utf-8"))
    assert sorted(map(int, headings)) == list(range(1, len(headings) + 1)) and len(headings) > 70


def test_the_code_refers_to_decisions_that_there_are():
    headings = set(map(int, re.findall(r"(?m)^### (\d+)\. ", (ROOT / "docs" / "decisions.md").read_text("utf-8"))))
    cited = {number for path in (ROOT / "sim").rglob("*.py")
             for line in re.findall(r"Decisions? ([\d, and]+) \(docs/decisions\.md\)", path.read_text("utf-8"))
             for number in _numbers(line)}
    assert len(cited) > 50 and cited <= headings
