"""The workbook while it is open in Excel; `book.LiveBook` is the way in."""
