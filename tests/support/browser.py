"""A real Chromium for the tests: opens a page, measures it, prints it, and runs axe on it."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars"
).split()
MM = 25.4 / 96  # of a CSS pixel


@dataclass(frozen=True)
class Violation:
    """A rule of axe that the page breaks, with the elements that break it."""

    rule: str
    impact: str
    elements: tuple[str, ...]


def find_chromium() -> Path | None:
    """The browser: KQI_CHROMIUM, or Chromium or Chrome on PATH."""
    names = (os.environ.get("KQI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((Path(found) for name in names if name and (found := shutil.which(name))), None)


def find_driver() -> Path | None:
    """ChromeDriver, which must be of the browser's own version: both come from one package."""
    found = os.environ.get("KQI_CHROMEDRIVER") or shutil.which("chromedriver")
    return Path(found) if found else None


class Browser:
    """One Chromium with a profile of its own. Use as a context manager."""

    def __init__(self, chromium: Path, driver: Path) -> None:
        self._profile = tempfile.mkdtemp(prefix="kqi-chromium-")
        options = webdriver.ChromeOptions()
        options.binary_location = str(chromium)
        for flag in (*FLAGS, f"--user-data-dir={self._profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self._driver = webdriver.Chrome(options, Service(str(driver)))

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.quit()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, page: Path, width: int = 1280, height: int = 900) -> None:
        """Open a file in a window of this size, in CSS pixels; a narrow one is a phone."""
        self._tell("Emulation.setEmulatedMedia", media="screen")
        self._tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self._driver.get(page.resolve().as_uri())

    def ask(self, script: str, *arguments: object) -> Any:
        """What a script of the test's own returns."""
        return self._driver.execute_script(script, *arguments)

    def press(self, key: str, code: int) -> None:
        """Press a key, like Tab (9), as a person would."""
        for kind in ("rawKeyDown", "keyUp"):
            self._tell("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code)

    def complaints(self) -> list[str]:
        """What the page wrote to the console since it was asked last: blocked loads, errors."""
        return [entry["message"] for entry in self._driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def pdf(self) -> bytes:
        """The page printed, on the paper that its style asks for."""
        self._tell("Emulation.setEmulatedMedia", media="")  # its own choice: print
        printed = self._tell("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def violations(self) -> list[Violation]:
        """What axe finds, by its default rules."""
        self._tell("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        found = self._driver.execute_async_script(
            "axe.run(document, {resultTypes: ['violations']}).then(arguments[0]);"
        )
        return [
            Violation(v["id"], v["impact"], tuple(str(node["target"]) for node in v["nodes"]))
            for v in found["violations"]
        ]

    def _tell(self, command: str, **parameters: object) -> Any:
        return self._driver.execute_cdp_cmd(command, parameters)
