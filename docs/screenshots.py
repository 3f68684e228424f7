"""
Draws docs/images anew: the page at desktop and phone width, light and dark.

    python -m docs.screenshots
"""

import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from benchmarks.harness.chromium import chromium
from benchmarks.harness.service import serving

FOLDER = Path(__file__).parent / "images"
SENTENCE = "two business class tickets from Oslo to Lima next Friday, back on the 21st"
# A name that looks the same wherever this runs.
ADDRESS = "http://slotline.example/"
SIZES = {"desktop": (1000, 900), "phone": (360, 780)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def draw(browser: Browser, size: str, scheme: Literal["light", "dark"]) -> None:
    """Write docs/images/SIZE-SCHEME.png."""
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(ADDRESS)
    page.get_by_role("textbox", name="Sentence").fill(SENTENCE)
    page.get_by_role("option", name="Lima").click()
    page.mouse.move(0, 0)
    page.locator("#time", has_text="slots in").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=FOLDER / f"{size}-{scheme}.png", full_page=True)
    page.close()


def main() -> None:
    with serving() as (client, _):
        here = f"MAP {urlsplit(ADDRESS).netloc} 127.0.0.1:{client.base_url.port}"
        with chromium(f"--host-resolver-rules={here}") as browser:
            if browser is None:
                sys.exit("no chromium is found: install it, or run `playwright install chromium`")
            for size in SIZES:
                for scheme in SCHEMES:
                    draw(browser, size, scheme)


if __name__ == "__main__":
    main()
