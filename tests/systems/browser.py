"""A real browser, Chromium without a window, that finds a domain at a box's address."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
PATIENCE = 30  # seconds for what a page shows on two busy cores


class Browser:
    """`found`: addresses by domain."""

    def __init__(self, found: Mapping[str, str]) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        rules = ", ".join(f"MAP {domain} {address}" for domain, address in found.items())
        for argument in (
            "--headless=new",
            "--no-sandbox",  # root may not have one
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--window-size=1000,700",
            f"--host-resolver-rules={rules}",
            "--ignore-certificate-errors",  # the box's own
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # nobody else's: one database sees several systems
        self.email = f"reader-{secrets.token_hex(4)}@example.com"
        self.driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))

    def open(self, url: str) -> None:
        self.driver.get(url)

    def forget(self) -> None:
        """Be one with no cookie of any host; WebDriver forgets those of the page's alone."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def tab(self, url: str) -> str:
        """Open another tab and go there; the one that was left."""
        former = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.open(url)
        return str(former)

    def back_to(self, tab: str) -> None:
        """Close this tab, and look at another."""
        self.driver.close()
        self.driver.switch_to.window(tab)

    def find(self, css: str) -> WebElement:
        """What a page shows, once it does."""
        wait: WebDriverWait[Any] = WebDriverWait(self.driver, PATIENCE)
        element: WebElement = wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))
        return element

    def saying(self, css: str, text: str) -> WebElement:
        """The one of several that says so, once it is there."""

        def look(driver: webdriver.Chrome) -> Any:
            found = driver.find_elements(By.CSS_SELECTOR, css)
            return next((one for one in found if one.text == text), None)

        wait: WebDriverWait[Any] = WebDriverWait(
            self.driver, PATIENCE, ignored_exceptions=(StaleElementReferenceException,)
        )
        found: WebElement = wait.until(look)
        return found

    def text(self, css: str) -> str:
        return str(self.find(css).text)

    def type(self, css: str, text: str) -> None:
        self.find(css).send_keys(text)

    def press(self, css: str) -> None:
        self.find(css).click()

    def is_picture(self, css: str) -> bool:
        """Whether an image is there and could be read."""
        element = self.find(css)
        wait: WebDriverWait[Any] = WebDriverWait(self.driver, PATIENCE)
        wait.until(lambda driver: driver.execute_script("return arguments[0].complete", element))
        return bool(self.driver.execute_script("return arguments[0].naturalWidth", element))

    def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """What a script of the page gets from its own site: status and JSON."""
        script = """
            const [path, body, done] = arguments;
            const given = body === null ? {} : {method: "POST", body: JSON.stringify(body),
                                                headers: {"Content-Type": "application/json"}};
            fetch(path, {credentials: "include", ...given})
              .then(async (answer) => done([answer.status, await answer.json()]))
              .catch((error) => done([0, String(error)]))"""
        status, said = self.driver.execute_async_script(script, path, body)
        return int(status), said

    def complaints(self) -> list[str]:
        """Errors in the console since the last question, but for "sign in first"."""
        entries = self.driver.get_log("browser")
        return [
            json.dumps(entry)
            for entry in entries
            if entry["level"] == "SEVERE" and "status of 401" not in entry["message"]
        ]

    def picture(self, file: Path) -> None:
        """What is seen, as PNG."""
        assert self.driver.save_screenshot(str(file))


@contextmanager
def browser(found: Mapping[str, str]) -> Iterator[Browser]:
    one = Browser(found)
    try:
        yield one
    finally:
        one.driver.quit()
