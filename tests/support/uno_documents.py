"""LibreOffice as a script under `uno`'s Python reaches it, and the workbooks in it.

For the scripts that `LibreOffice.run_script` runs; the tests themselves cannot import it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

DESKTOP = "com.sun.star.frame.Desktop"


def properties(**values: object) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def services(url: str) -> Any:
    """What makes the services of the LibreOffice that listens there."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    return resolver.resolve(url).ServiceManager


def reach(url: str) -> Any:
    """The LibreOffice that listens there."""
    return services(url).createInstance(DESKTOP)


@contextmanager
def opened(url: str, file: str, **options: object) -> Iterator[Any]:
    """The workbook, opened unseen and closed again unsaved."""
    document = reach(url).loadComponentFromURL(
        Path(file).as_uri(), "_blank", 0, properties(Hidden=True, **options)
    )
    try:
        yield document
    finally:
        document.close(True)
