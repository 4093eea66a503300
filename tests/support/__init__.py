"""What the tests need from outside: LibreOffice, Microsoft's validator, real workbooks."""
