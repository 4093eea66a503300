"""The board's page: the scorecard as HTML, PDF and pictures, for people without the workbook."""

from kqi_workbook.export.exporting import HTML as HTML
from kqi_workbook.export.exporting import Exported as Exported
from kqi_workbook.export.exporting import Kind as Kind
from kqi_workbook.export.exporting import export_workbook as export_workbook
