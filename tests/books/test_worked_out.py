from __future__ import annotations

import pytest

from kqi_workbook.books.cells import Content, Formula
from kqi_workbook.books.worked_out import worked_out


def column(*cells: str | None) -> list[Content]:
    """Formulas for cells that begin with =, text for others."""
    return [Formula(c[1:], "") if c and c.startswith("=") else c for c in cells]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("=C4*2", "=C5*2", "=C6*2"), "yyy"),
        (("=[@b]*2", "=[@b]*2"), "yy"),
        (("=SUM(C$4:C4)", "=SUM(C$4:C5)"), "yy"),
        (("=[@b]*2", "other", "=[@b]*2"), "y-y"),
        (("=C4*2", "=C5*2", "=C4*2"), "yy-"),
        (('=HYPERLINK("1.docx")', '=HYPERLINK("2.docx")'), "--"),
        (("=C4*2", "=C9*2", None), "---"),
        (("=SUM(C4:C1048576)", "=SUM(C5:C1048576)"), "--"),
        (("=Checks[[#This Row],[b]]",), "y"),
        (("=C4*2",), "y"),
        (("=[@b]*2",), "y"),
        (("=C4*2", "=C5*2", "=1+1", "=1+2", "=1+3"), "-----"),
        (("=C4*2", None), "--"),
        (('=HYPERLINK("1.docx")',), "-"),
        (("typed", None), "--"),
        ((), ""),
    ],
)
def test_a_formula_that_most_cells_have_copied_down_works_them_out(
    cells: tuple[str | None, ...], expected: str
) -> None:
    assert worked_out(column(*cells)) == [mark == "y" for mark in expected]
