"""kqi_workbook: a council's quarterly scorecard of Key Quality Indicators, filled and checked.

    import kqi_workbook

    done = kqi_workbook.refresh("KQIs 2013-14.xlsx", "Q4 2013-14")
    done.scorecard.to_frame()      # one line a KQI, as a pandas frame
    done.findings                  # what a person has to put right

The names below are loaded when they are first used: `kqi --help` and `kqi doctor` must not wait
for pandas, or fail where it is missing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kqi_workbook.batch import Outcome as Outcome
    from kqi_workbook.batch import Result as Result
    from kqi_workbook.batch import find_workbooks as find_workbooks
    from kqi_workbook.batch import refresh_many as refresh_many
    from kqi_workbook.errors import KQIWorkbookError as KQIWorkbookError
    from kqi_workbook.files import check as check
    from kqi_workbook.files import new_workbook as new_workbook
    from kqi_workbook.files import refresh as refresh
    from kqi_workbook.live import refresh_caller as refresh_caller
    from kqi_workbook.live import refresh_live as refresh_live
    from kqi_workbook.moving_on import next_quarter as next_quarter
    from kqi_workbook.refreshing import Refreshed as Refreshed
    from kqi_workbook.scorecard.board import Scorecard as Scorecard
    from kqi_workbook.scorecard.model import RAG as RAG
    from kqi_workbook.scorecard.model import Finding as Finding
    from kqi_workbook.scorecard.model import Trend as Trend
    from kqi_workbook.scorecard.quarters import Quarter as Quarter

_HOME = {
    "find_workbooks": "batch",
    "Outcome": "batch",
    "refresh_many": "batch",
    "Result": "batch",
    "KQIWorkbookError": "errors",
    "check": "files",
    "new_workbook": "files",
    "refresh": "files",
    "next_quarter": "moving_on",
    "refresh_caller": "live",
    "refresh_live": "live",
    "Refreshed": "refreshing",
    "Scorecard": "scorecard.board",
    "Finding": "scorecard.model",
    "RAG": "scorecard.model",
    "Trend": "scorecard.model",
    "Quarter": "scorecard.quarters",
}

__all__ = [*_HOME]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
