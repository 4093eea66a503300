from __future__ import annotations

import pytest

from kqi_workbook.books.by_name import ByName


def test_names_are_compared_without_case() -> None:
    names = ByName({"Purple book": 1})
    assert names["PURPLE BOOK"] == 1
    assert "purple Book" in names
    assert list(names) == ["Purple book"]
    assert len(names) == 1
    with pytest.raises(KeyError):
        names["Court"]
