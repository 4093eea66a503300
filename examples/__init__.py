"""The example workbook that `kqi demo` copies. Installed as kqi_workbook.examples, by this file."""
