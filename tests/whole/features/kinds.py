"""Content types and kinds of links that several features share."""

from __future__ import annotations

OFFICE = "application/vnd.openxmlformats-officedocument"
SHEETS = f"{OFFICE}.spreadsheetml"
MICROSOFT = "application/vnd.ms-excel"
DRAWING_TYPE = f"{OFFICE}.drawing+xml"
VML_TYPE = f"{OFFICE}.vmlDrawing"
MICROSOFT_LINKS = "http://schemas.microsoft.com/office"
