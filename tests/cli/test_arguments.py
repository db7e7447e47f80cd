"""Arguments that no range of the library refuses: nan, dates in another form, ends the wrong way round."""

import pytest

from tests.samples.commands import BASELINE, run

SMALLEST = ("smallest", BASELINE, "--key", "entry.rate", "--replicates", "2", "--out", "s")


@pytest.mark.parametrize("arguments, said", [
    ((*SMALLEST, "--between", "0.01", "0.02", "--target", "nan"), "--target: nan is not a finite number"),
    ((*SMALLEST, "--between", "0.01", "0.02", "--target", "-inf"), "--target: -inf is not a finite number"),
    ((*SMALLEST, "--between", "0.01", "0.02", "--target", "1", "--tolerance", "nan"),
     "--tolerance: nan is not a finite number"),
    ((*SMALLEST, "--between", "0.01", "0.02", "--target", "1", "--tolerance", "0"),
     "--tolerance: 0.0 is not in the range"),
    ((*SMALLEST, "--between", "0.02", "0.01", "--target", "1"),
     "--between: 0.02 is not below 0.01; expected a lower end and a higher end"),
    (("compare", BASELINE, BASELINE, "--precision", "nan"), "--precision: nan is not a finite number"),
    (("backtest", BASELINE, "--fit-to", "2021/12/31"),
     "--fit-to: '2021/12/31' is not a date; write it as 2021-12-31"),
    (("run", BASELINE, "--replicates", "1e3"), "--replicates: '1e3' is not a valid integer\n")])
def test_an_argument_that_is_no_number_or_date_is_refused_before_anything_runs(arguments, said):
    found = run(*arguments)
    assert found.exit_code == 2 and said in found.stderr and not found.stdout
    assert not isinstance(found.exception, ValueError)
