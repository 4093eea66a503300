"""The button's macros, as text. Installed as kqi_workbook.macros, by this file."""
