"""A real Chromium for tests; skipped where there is none. Pages remember what went wrong in them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_running: list[Any] = []
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


def chromium() -> str | None:
    """The path of a Chromium: MARKETWRIGHT_CHROMIUM, or the first one on the PATH."""
    given = os.environ.get("MARKETWRIGHT_CHROMIUM")
    return given or next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Any]:
    """A running browser, closed afterwards. Inside another call it is that one's: a process has one at a time."""
    from playwright.sync_api import sync_playwright

    if _running:
        yield _running[-1]
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.remove(browser)
            browser.close()


# Whether pressing an element asks for another page; a form whose fields are refused, or that asks again first, stays.
_LEAVES = """element => {
  const link = element.closest("a[href]");
  if (link) {
    const here = link.href.split("#")[0] === location.href.split("#")[0];
    return !link.hasAttribute("download") && !(here && link.href.includes("#")) && link.target !== "_blank";
  }
  const button = element.closest("button, input[type=submit]");
  const form = button && button.form;
  if (!form || button.disabled || button.type !== "submit") return false;
  if (form.method === "dialog") return button.value === "yes";
  const asked = document.getElementById(form.dataset.confirm || "");
  if (asked && matchMedia("(scripting: enabled)").matches) return false;
  return button.formNoValidate || form.noValidate || form.matches(":valid");
}"""


def press(element: Any) -> None:
    """Click a Playwright locator. Where that asks for another page, return once it is loaded, whole."""
    if not element.evaluate(_LEAVES):
        element.click()
        return
    with element.page.expect_event("load"):
        element.click()


@dataclass
class Watch:
    """What pages of one context did that they must not: errors in the console, requests to other origins."""

    origins: tuple[str, ...]
    wrong: list[str] = field(default_factory=list)

    def over(self, context: Any) -> Any:
        """Watch every page of ``context`` from now on."""
        context.on("console", self._console)
        context.on("weberror", lambda e: self._note(f"script: {e.error}"))
        context.on("request", lambda r: self._request(r.url))
        context.on("response", self._response)
        return context

    def _console(self, message: Any) -> None:
        refused = message.text.startswith("Failed to load resource")  # what that means, `_response` knows
        if message.type in ("error", "warning") and not refused:
            self._note(f"{message.page.url}: {message.text}")

    def _response(self, response: Any) -> None:
        page = response.request.resource_type == "document"
        if response.status >= (500 if page else 400):
            self._note(f"{response.status} {response.url}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self._note(f"request leaves: {url}")

    def _note(self, what: str) -> None:
        self.wrong.append(what)
