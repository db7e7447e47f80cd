"""Writes the generated tables of the documents from the code that they describe.

`python docs/generate.py` rewrites what stands between `<!-- generated: NAME -->` and
`<!-- end: NAME -->` in every page of this folder; a test fails while a page is stale.
"""

import pathlib
import re

from generated_tables import entries, packages, parameters, region_columns, results, scenarios

FOLDER = pathlib.Path(__file__).parent
BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)

BLOCKS = {
    "parameters": parameters.scenario_parameters, "policies": parameters.policy_parameters,
    "policies_zh": parameters.policy_parameters_zh, "evidence": parameters.evidence,
    "estimation-spec": parameters.estimation_spec, "estimation-table-spec": parameters.estimation_table_spec,
    "terms": entries.of_terms, "instruments": entries.of_instruments, "overlaps": entries.of_overlaps,
    "regimes": entries.of_regimes, "regimes_zh": entries.of_regimes_zh, "metrics": entries.of_metrics,
    "plots": entries.of_figures, "comparison-plots": entries.of_comparison_figures, "measures": entries.of_measures,
    "rivals": entries.of_rivals, "scenarios": scenarios.of_files, "direct-effects": scenarios.of_policies,
    "variables": results.variables, "variables_zh": results.variables_zh, "exit-codes": results.exit_codes,
    "region_columns": region_columns.english, "region_columns_zh": region_columns.chinese,
    "packages": packages.packages, "layers": packages.layers}


def pages():
    """The pages of this folder, the Chinese ones, and that of the scenario files."""
    return [*sorted(FOLDER.glob("*.md")), *sorted(FOLDER.glob("zh/*.md")), FOLDER.parent / "scenarios" / "README.md"]


def fresh(text):
    """The text of a page with every generated block made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def write():
    """Rewrite the pages that are stale; their paths."""
    stale = [page for page in pages() if fresh(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in stale:
        page.write_text(fresh(page.read_text("utf-8")), "utf-8", newline="\n")
    return [page.relative_to(FOLDER.parent).as_posix() for page in stale]


if __name__ == "__main__":
    print(*write() or ["nothing was stale"], sep="\n")
