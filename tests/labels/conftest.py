"""What the browser tests share: Chromium, signed in to a real Label Studio, with the text caret turned on."""

import shutil
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from goldwire.labels.server import Client, connect
from goldwire.studio import Server

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-caret-browsing",
]


@pytest.fixture(scope="module")
def browser(cannot_run: Callable[[str], NoReturn]) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        cannot_run("there is no chromium; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page(browser: Browser, label_studio: Server) -> Page:
    """A page of 1400 x 900 pixels, signed in."""
    made = browser.new_page(viewport={"width": 1400, "height": 900})
    made.goto(f"{label_studio.url.rstrip('/')}/user/login")
    made.fill("input[name=email]", label_studio.email)
    made.fill("input[name=password]", label_studio.password)
    made.click("button[type=submit]")
    made.wait_for_url(lambda url: "login" not in url)
    return made


@pytest.fixture(scope="module")
def client(label_studio: Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)
