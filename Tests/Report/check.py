"""Checks pages in Chromium: check.py FOLDER, which contains the reports full.html, one.html and empty.html, and plan.html.

A page passes if it is small enough, requests nothing beyond itself, prints nothing to the console, fits the width of its
window, opens its details by keyboard, and axe-core finds nothing in it.
"""

import pathlib
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

MOST_BYTES = 3_000_000
WIDTHS = {"phone": 360, "tablet": 768, "desk": 1280}
SECTIONS = {"full": ["overview", "failing", "time", "missing", "unseen", "withheld", "busiest", "flapping", "groups",
                     "runs"],
            "plan": ["overview", "groups", "group-1", "group-2"]}
folder = pathlib.Path(sys.argv[1]).resolve()
complaints = []


def watch(page, name):
    """Opens a page and records its console messages, errors and requests."""
    own = (folder / f"{name}.html").as_uri()
    page.on("console", lambda message: complaints.append(f"{name}: console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{name}: error: {error}"))
    page.on("request", lambda request: request.url.split("#")[0] == own or request.url == "data:,"
            or complaints.append(f"{name}: requests {request.url[:100]}"))
    page.goto(own)


def ask_axe(page, name):
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    for violation in found.response["violations"]:
        node = violation["nodes"][0]["html"][:120]
        complaints.append(f"{name}: axe: {violation['id']}, {len(violation['nodes'])} times, first {node}")


def look(browser, name, scheme, device):
    page = browser.new_context(viewport={"width": WIDTHS[device], "height": 900}, color_scheme=scheme).new_page()
    watch(page, name)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > WIDTHS[device]:
        complaints.append(f"{name}: {width} pixels wide on a {device} of {WIDTHS[device]}")
    # Rows that list many people may be tall.
    tall = page.evaluate("[...document.querySelectorAll('td')].filter(one => one.offsetHeight > innerHeight / 2 "
                         "&& !one.closest('tr').querySelector('.crowd')).length")
    if tall:
        complaints.append(f"{name}: {tall} cells are squeezed on a {device}")
    for section in SECTIONS.get(name, ["content"]):
        place = page.query_selector(f"#{section}")
        if place is None:
            complaints.append(f"{name}: has no section {section}")
            continue
        page.evaluate("place => scrollTo({top: place.getBoundingClientRect().top + scrollY - 16, behavior: 'instant'})",
                      place)
        page.screenshot(path=folder / f"{name}-{device}-{scheme}-{section}.png")
    return page


def use_keyboard(page):
    """Checks that the first Tab reaches the skip link, and that a run opens without a mouse."""
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        complaints.append("full: the first Tab does not reach the skip link")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "content":
        complaints.append("full: the skip link does not go to the content")
    summary = page.locator(".runs summary").first
    summary.focus()
    page.keyboard.press("Enter")
    if not page.evaluate("document.querySelector('.runs details').open"):
        complaints.append("full: a run does not open by keyboard")


def main():
    size = (folder / "full.html").stat().st_size
    print(f"{size:,} bytes.")
    if size >= MOST_BYTES:
        complaints.append(f"full: {size:,} bytes")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for device in WIDTHS:
                page = look(browser, "full", scheme, device)
                if (scheme, device) == ("light", "desk"):
                    use_keyboard(page)
                    page.pdf(path=folder / "full.pdf", format="A4")
                if (scheme, device) in (("light", "phone"), ("dark", "desk")):
                    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at < 20)")
                    ask_axe(page, "full")
                page.context.close()
            for device in WIDTHS:
                page = look(browser, "plan", scheme, device)
                ask_axe(page, "plan")
                if (scheme, device) == ("light", "desk"):
                    page.pdf(path=folder / "plan.pdf", format="A4")
                page.context.close()
            for name in ("one", "empty"):
                page = look(browser, name, scheme, "phone")
                ask_axe(page, name)
                page.context.close()
        browser.close()
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(complaints)} complaints; the screenshots are in {folder.name}.")
    sys.exit(1 if complaints else 0)


main()
