"""The pages of a PDF as pictures."""

from __future__ import annotations

import io

from kqi_workbook.errors import KQIWorkbookError

DPI = 150  # an A3 page is 2,480 x 1,754 pixels: sharp on a screen, and small enough for an email


def pdf_as_pngs(pdf: bytes, dpi: int = DPI) -> list[bytes]:
    """Draw each page, by PDFium, the PDF reader within Chrome.

    It draws what Excel printed as well as what LibreOffice printed, which could draw pictures
    itself but of the first page alone. Raises KQIWorkbookError when it is not installed.
    """
    try:
        import PIL.Image  # noqa: F401  pypdfium2 hands its pictures to Pillow
        import pypdfium2
    except ImportError:
        raise KQIWorkbookError(
            "Pictures need two more packages: python -m pip install pypdfium2 Pillow. "
            "A PDF (--pdf) or the page (--html) needs neither."
        ) from None
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = []
        for page in document:
            content = io.BytesIO()
            picture = page.render(scale=dpi / 72).to_pil()
            picture.save(content, format="PNG", dpi=(dpi, dpi), optimize=True)
            pictures.append(content.getvalue())
        return pictures
    finally:
        document.close()
