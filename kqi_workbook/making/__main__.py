"""Make the committed workbooks anew: ``python -m kqi_workbook.making``."""

from __future__ import annotations

from pathlib import Path

from kqi_workbook.making import button, example, template

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write the template and the example where the repository keeps them."""
    for path, filling in (
        (ROOT / "templates" / "KQI_template.xlsx", template.template()),
        (ROOT / "examples" / example.FILE_NAME, example.example()),
    ):
        path.write_bytes(template.make_workbook(filling))
        print(f"Made {path.relative_to(ROOT)}.")
    button.main()


if __name__ == "__main__":
    main()
