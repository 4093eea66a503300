"""The workbook that `kqi new` copies. Installed as kqi_workbook.templates, by this file."""
