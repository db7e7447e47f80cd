"""What is stored is what was computed, and what is read is what was stored."""

import random

from protocol import flips


def test_thirty_flipped_bits_are_noticed_or_change_nothing_that_is_read(evil_folders, tmp_path):
    whole = flips.folders(tmp_path / "flips", evil_folders["run"], evil_folders["comparison"])
    found = flips.counted(whole, random.Random(11), 30)
    assert found[flips.WRONG] == 0
    assert found[flips.DETECTED] and found[flips.REPAIRED]
