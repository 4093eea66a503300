"""Many workbooks: found below a folder, and refreshed side by side, each result as it comes.

    from kqi_workbook.batch import find_workbooks, refresh_many

    for result in refresh_many(find_workbooks("KQIs").workbooks, "Q4 2013-14"):
        print(result.path.name, result.outcome.value, result.reason)

One workbook that fails, hangs or kills its process stops none of the others.
"""

from kqi_workbook.batch.finding import Found, find_workbooks
from kqi_workbook.batch.results import Outcome, Result
from kqi_workbook.batch.running import refresh_many

__all__ = ["Found", "Outcome", "Result", "find_workbooks", "refresh_many"]
