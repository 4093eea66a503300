from __future__ import annotations

import pytest

from kqi_workbook.pages.marks import number_or_text


@pytest.mark.parametrize(
    ("kqi", "written"),
    [("1", 1), ("10", 10), ("0", 0), ("01", "01"), ("3a", "3a"), ("3, 4", "3, 4"), ("²", "²")],
)
def test_a_kqis_number_is_written_as_what_it_is_read_back_as(kqi: str, written: int | str) -> None:
    assert number_or_text(kqi) == written
