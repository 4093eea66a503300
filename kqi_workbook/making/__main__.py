"""Make the template anew: ``python -m kqi_workbook.making``."""

from pathlib import Path

from kqi_workbook.making.template import make_workbook, template

ROOT = Path(__file__).resolve().parents[2]
(ROOT / "templates" / "KQI_template.xlsx").write_bytes(make_workbook(template()))
