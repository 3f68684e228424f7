"""What is measured is not what training has seen."""

import pytest

from training.augmentation.typing_habits import TABLE
from training.evaluation import noise_tables


@pytest.mark.parametrize("name", ["SHORT", "SIGNS", "CLIPPED"])
def test_training_writes_no_word_as_the_measuring_tables_do(name: str) -> None:
    measured = getattr(noise_tables, name)
    assert len(measured) > 15
    assert [pair for pair in measured.items() if pair[1] in TABLE.get(pair[0], ())] == []
