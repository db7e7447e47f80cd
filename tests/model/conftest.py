"""Some lively quarters with public accounts, for all files of the room that look at them."""

import pytest

from tests.samples.public_accounts import POLICIES, accounts


@pytest.fixture(scope="package")
def story():
    return accounts(POLICIES)
