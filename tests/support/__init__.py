"""What the tests need from outside the package: LibreOffice, Microsoft's validator, real workbooks."""
