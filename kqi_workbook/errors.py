"""What can stop a run. The text of an error is the message that the user reads.

One bad row never raises: it becomes a finding on the Checks sheet, and the rest still counts.
"""


class KQIWorkbookError(Exception):
    """Something stops the run; nothing has been written."""

    exit_code = 2
    """What the command line ends with."""


class NotAWorkbook(KQIWorkbookError):
    """The file cannot be read as an Excel workbook: wrong kind, damaged, or under a password."""


class CannotPatch(KQIWorkbookError):
    """A change was asked for that cannot be written without losing something of the workbook."""


class LayoutError(KQIWorkbookError):
    """A sheet, table, column or setting that the work needs is missing or renamed."""


class InUse(KQIWorkbookError):
    """Somebody else has the workbook, or changed it while it was being refreshed."""


class FileTrouble(KQIWorkbookError):
    """A disk, a network or a permission stands in the way; the workbook on the disk is whole."""
