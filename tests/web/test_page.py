"""The HTML report in a real browser: readable, silent on the network, and deaf to hostile names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presend.outputs.page import write
from tests.outputs.made import HOSTILE, everything

pytestmark = pytest.mark.web


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium that logs its requests and its console."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Any:
    """The browser with the page of a whole report in it, loaded from disk."""
    path = tmp_path / "report.html"
    path.write_text(write(everything()), encoding="utf-8")
    browser.get_log("performance")
    browser.get(path.as_uri())
    return browser


def test_it_asks_nothing_of_the_network(opened: Any) -> None:
    import json

    events = [json.loads(entry["message"])["message"] for entry in opened.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    assert any(url.startswith("file://") for url in asked)
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert opened.get_log("browser") == []


def test_findings_can_be_seen(opened: Any) -> None:
    codes = [h.text for h in opened.find_elements("css selector", ".finding h3")]
    seen = opened.find_element("tag name", "main").text

    assert codes[:2] == ["TAG001 syntax-error", "TAG002 no-fallback"]
    assert "41 of 1,200" in seen
    assert "the key is refused" in seen
    assert all(one.is_displayed() for one in opened.find_elements("css selector", ".finding"))


def test_a_hostile_name_is_text(opened: Any) -> None:
    assert opened.title.startswith("presend: ")
    assert opened.find_elements("tag name", "script") == []
    first = opened.find_element("css selector", ".campaign h2").text
    assert first == f"klaviyo: {HOSTILE}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_day_and_by_night(opened: Any, scheme: str) -> None:
    opened.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )

    assert _contrast(opened, "body", "body") >= 7
    for word in ("blocker", "high", "medium", "low"):
        assert _contrast(opened, f".finding .badge.{word}", ".card") >= 4.5, word


def test_it_fits_a_telephone(opened: Any) -> None:
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    )
    width = opened.execute_script("return document.documentElement.scrollWidth")
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    assert width <= 360


def _contrast(browser: Any, ink: str, ground: str) -> float:
    """The contrast ratio of WCAG 2 between the text of one element and the ground of another."""
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    light, dark = sorted(
        (_luminance(browser.execute_script(script, ink, "color")),
         _luminance(browser.execute_script(script, ground, "backgroundColor"))),
        reverse=True,
    )  # fmt: skip
    return (light + 0.05) / (dark + 0.05)


def _luminance(css: str) -> float:
    parts = [float(part) / 255 for part in css[css.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
