"""``python -m kqi_workbook``: the same as ``kqi``."""

from kqi_workbook.cli import main

if __name__ == "__main__":
    main()
