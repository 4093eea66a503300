"""The workbook that `kqi new` copies. Installed as kqi_workbook.templates, which needs this file."""
