"""What typical mistakes are answered with, word by word, in English and in Chinese."""

import pytest

from tests.samples.commands import run

MISTAKES = {                   # what was done: (command, content of a.toml, answer, answer in Chinese)
    "no scenario": (
        "run", "", "error: SCENARIO is missing; group run -h shows how it is used",
        "错误：缺少 SCENARIO；用法请看 group run -h"),
    "no such file": (
        "check nope.toml", "", "error: nope.toml: file not found; expected a TOML file",
        "错误：nope.toml：找不到文件；应为：TOML 文件"),
    "a misspelt command": (
        "chek a.toml", "", "error: there is no command 'chek'; did you mean 'check'?",
        "错误：没有命令 'chek'；是否指 'check'？"),
    "a misspelt option": (
        "run a.toml --replicats 3", "", "error: there is no option --replicats; did you mean '--replicates'?",
        "错误：没有选项 --replicats；是否指 '--replicates'？"),
    "an option without a value": (
        "run a.toml --seed", "", "error: Option '--seed' requires an argument", "错误：选项 '--seed' 需要 1 个取值"),
    "a seed that is no number": (
        "run a.toml --seed many", "", "error: --seed: 'many' is not a valid integer",
        "错误：--seed：'many' 不是有效的整数"),
    "not TOML": (
        "check a.toml", "[peers\ndecay = 3.0\n",
        "error: a.toml:1:7: not valid TOML (Expected ']' at the end of a table declaration)",
        "错误：a.toml:1:7：不是有效的 TOML（表名末尾缺少 ]）"),
    "a day that there is not": (
        "check a.toml", "[time]\nend = 2026-13-01\n",
        "error: a.toml:2:11: time.end: '2026-13-01' is not a date; expected a date such as 2028-01-31",
        "错误：a.toml:2:11：time.end：'2026-13-01' 不是日期；应为：日期，例如 2028-01-31"),
    "a region for a scenario": (
        "run area", "", "error: area: it is a folder; sim new NAME --region area makes scenarios of the region in it",
        "错误：area：这是一个文件夹；请用 sim new 名称 --region area 为其中的区域生成情景"),
    "a number of a table that is none": (
        "new-region there/places.csv own", "",
        "error: there/places.csv row 2: headquarters: 'nan' is not a number; expected a number such as 12.5",
        "错误：there/places.csv 第 2 行：headquarters：'nan' 不是数值；应为：数值，例如 12.5"),
    "a table without a column": (
        "backtest there/baseline.toml there/places.csv", "",
        "error: there/places.csv row 1: what_it_counts: the column is missing; add it",
        "错误：there/places.csv 第 1 行：what_it_counts：缺少该列；请补充"),
    "a list of firms that is not there": (
        "estimate nope.csv --spec a.toml",
        '[firms.columns]\nfirm = "f"\nyear = "y"\nsite = "s"\n[places]\nfile = "there/sites.csv"\n'
        '[regressors.peers]\nkind = "all peers"\n',
        "error: nope.csv: file not found; expected a table of firms or of choices",
        "错误：nope.csv：找不到文件；应为：企业名录或选择数据表"),
    "a misspelt key": (
        "check a.toml", "[peers]\ndecai = 3.0\n",
        "error: a.toml:2:1: peers.decai: unknown key; did you mean 'decay'?",
        "错误：a.toml:2:1：peers.decai：未知的键；是否指 'decay'？"),
    "a number in quotes": (
        "check a.toml", '[population]\ncandidates = "2000"\n',
        "error: a.toml:2:1: population.candidates: '2000' is text; expected a whole number in [1, 10000000], unit "
        "enterprises; write it without quotes",
        "错误：a.toml:2:1：population.candidates：'2000' 是文本；应为：[1, 10000000] 内的整数，单位：家；请去掉引号"),
    "a number out of range": (
        "check a.toml", "[choice]\nreview = 1.5\n",
        "error: a.toml:2:1: choice.review: 1.5 is out of range; expected a number in [0, 1], unit per year",
        "错误：a.toml:2:1：choice.review：1.5 超出范围；应为：[0, 1] 内的数值，单位：每年"),
    "a date with slashes": (
        "check a.toml", '[time]\nend = "2035/12/31"\n',
        "error: a.toml:2:1: time.end: '2035/12/31' is not a date (write 2035-12-31); "
        "expected a date such as 2028-01-31",
        "错误：a.toml:2:1：time.end：'2035/12/31' 不是日期（请写 2035-12-31）；应为：日期，例如 2028-01-31"),
    "an end before the start": (
        "check a.toml", "[time]\nstart = 2021-01-01\nend = 2020-12-31\n",
        "error: a.toml:3:1: time.end: the run would go from 2021-01-01 to 2020-12-31; expected an end after the "
        "start, at most 4000 quarters later",
        "错误：a.toml:3:1：time.end：模拟时段为 2021-01-01 至 2020-12-31；应为：晚于开始的结束日期，"
        "至多相隔 4000 个季度"),
    "an unusual number": (
        "check a.toml", "[population]\ncandidates = 20000\n",
        "warning: a.toml:2:1: population.candidates: 20000 is outside its prior range [2000, 10000] (no source found)",
        "提示：a.toml:2:1：population.candidates：取值 20000，超出先验范围 [2000, 10000]（来源：未找到来源）"),
    "a policy without a value": (
        "check a.toml", '[policies.p]\ninstrument = "grant"\n',
        "error: a.toml:1:2: policies.p.amount: missing, and it has no default; expected a number in [0, 10000], unit "
        "RMB million",
        "错误：a.toml:1:2：policies.p.amount：缺失，且没有默认值；应为：[0, 10000] 内的数值，单位：百万元"),
    "an unknown regime": (
        "check a.toml", '[policies.p]\nregime = "shanghai-ft"\n',
        "error: a.toml:2:1: policies.p.regime: 'shanghai-ft' is unknown; expected one of carrier-upgrade, "
        "innovation-center, lingang-tax, shanghai-ftz; did you mean 'shanghai-ftz'?",
        "错误：a.toml:2:1：policies.p.regime：'shanghai-ft' 未知；应为：carrier-upgrade、innovation-center、"
        "lingang-tax、shanghai-ftz 之一；是否指 'shanghai-ftz'？"),
    "a setting that is none": (
        "check a.toml --set time.end", "",
        "error: --set: 'time.end' is not a setting; expected key=value, e.g. time.end=2035-12-31",
        "错误：--set：'time.end' 不是设定；应为：key=value，例如 time.end=2035-12-31"),
    "a folder without a run": (
        "rerun there", "",
        "error: there: there is no finished run in this folder; expected the folder of a finished run",
        "错误：there：该文件夹中没有已完成的模拟；应为：已完成的模拟文件夹"),
    "one scenario to compare": (
        "compare a.toml", "",
        "error: scenarios: only one scenario is given; expected two or more; name another file",
        "错误：scenarios：只有一个情景，无从比较；应为：两个或更多；请另指定文件"),
    "a file that exists": (
        "new there", "", "error: there/baseline.toml: it already exists; choose another folder",
        "错误：there/baseline.toml：已存在；请另选文件夹"),
    "an axis of no parameter": (
        "sweep a.toml --dry-run",
        'scenario = "b.toml"\n[axes.reach]\nkey = "peers.decai"\nbetween = [1.0, 2.0]\nnumber = 3\n',
        "error: a.toml:2:2: axes.reach: b has no parameter 'peers.decai'; did you mean 'peers.decay'?",
        "错误：a.toml:2:2：axes.reach：b 没有参数 'peers.decai'；是否指 'peers.decay'？")}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_in_one_sentence(mistake, tmp_path, monkeypatch):
    command, content, *answers = MISTAKES[mistake]
    monkeypatch.chdir(tmp_path)
    for folder in ("there", "area"):
        (tmp_path / folder).mkdir()
    for name, text in (("a.toml", content), ("b.toml", ""), ("there/baseline.toml", ""), ("area/region.toml", ""),
                       ("there/places.csv", "id,lon,lat,headquarters\na,4.5,51.9,nan\n"),
                       ("there/sites.csv", "id,lon,lat\ns,4.5,51.9\nt,4.6,51.9\n")):
        (tmp_path / name).write_text(text, "utf-8")
    for locale, answer in zip(("en_US.UTF-8", "zh_CN.UTF-8"), answers, strict=True):
        said = run(*command.split(), LANG=locale)
        lines = [line for line in said.stderr.rstrip().split("\n") if not line.startswith(("Next:", "下一步："))]
        assert lines[-1] == answer
