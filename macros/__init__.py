"""The button's macros, as text. Installed as kqi_workbook.macros, which needs this file."""
