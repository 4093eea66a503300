from __future__ import annotations

import io
import sys

import PIL.Image
import pytest

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.export.pictures import pdf_as_pngs
from tests.export.boards import blank_pdf


def test_pictures_are_sharp_and_one_a_page() -> None:
    pictures = [PIL.Image.open(io.BytesIO(png)) for png in pdf_as_pngs(blank_pdf(2))]
    assert [(p.format, p.size) for p in pictures] == [("PNG", (2482, 1755))] * 2


def test_without_its_packages_a_picture_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(KQIWorkbookError, match="pip install pypdfium2 Pillow"):
        pdf_as_pngs(b"")
