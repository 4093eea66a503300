"""The production LiveBook over a real LibreOffice, in the place of Excel."""
