"""
How long a keystroke on the page takes until the slots are coloured, in a browser.

    python -m benchmarks.page [--keystrokes 300] [--model NAME] [--json FILE]

Starts the service and a browser without a window beside it, types sentences letter by letter,
eight letters a second, and measures each from the time that the browser gives the keystroke to
the frame that shows the answer to it. Everything stays on this machine.
"""

import argparse
import itertools
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks.harness.chromium import chromium
from benchmarks.harness.service import serving
from benchmarks.load import SENTENCES

BETWEEN = 125
GOAL = 50
# The reading is drawn anew with each answer; a frame is on the screen when the next task runs.
WATCH = """
() => {
  const found = (window.keystrokes = []);
  let struck = null;
  // A letter: a sentence that is wiped away is none.
  const note = (event) => (struck = event.key.length === 1 ? event.timeStamp : null);
  addEventListener("keydown", note, true);
  new MutationObserver(() => {
    const since = struck;
    struck = null;
    if (since !== null)
      requestAnimationFrame(() => setTimeout(() => found.push(performance.now() - since)));
  }).observe(document.querySelector("#reading"), { childList: true });
}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Verbatim)
    parser.add_argument("--keystrokes", type=int, default=300)
    parser.add_argument("--model", default="booking")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with serving() as (client, _), chromium() as browser:
        if browser is None:
            sys.exit("no chromium is found: install it, or run `playwright install chromium`")
        page = browser.new_page()
        page.goto(str(client.base_url))
        page.locator("mark").first.wait_for()
        page.get_by_label("Model").select_option(options.model)
        found = _type(page, options.keystrokes)
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


class _Verbatim(argparse.RawDescriptionHelpFormatter):
    """Leaves the module's text as it is."""


def _type(page: Page, keystrokes: int) -> dict[str, Any]:
    """Milliseconds of each keystroke that was answered before the next, and what they are of."""
    page.get_by_role("textbox", name="Sentence").fill("")
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    page.evaluate(
        "performance.clearResourceTimings(); performance.setResourceTimingBufferSize(9999)"
    )
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _seconds_of_work(session)
    page.get_by_role("textbox", name="Sentence").focus()
    letters = itertools.cycle(" ".join(SENTENCES))
    for number in range(keystrokes):
        # A sentence is as long as people's are.
        if number % 70 == 0:
            page.get_by_role("textbox", name="Sentence").fill("")
        page.keyboard.press(next(letters))
        page.wait_for_timeout(BETWEEN)
    page.wait_for_timeout(500)
    work = (_seconds_of_work(session) - before) * 1000 / keystrokes
    found: dict[str, Any] = page.evaluate(
        """({
          milliseconds: window.keystrokes,
          of_service: performance.getEntriesByType("resource")
            .filter((entry) => entry.name.endsWith("/slots"))
            .map((entry) => entry.responseEnd - entry.requestStart),
        })"""
    )
    return found | {"keystrokes": keystrokes, "work_milliseconds": work}


def _seconds_of_work(session: CDPSession) -> float:
    """What the page's thread has done so far: script, styles, layout and painting."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def _print(found: dict[str, Any]) -> None:
    times = found["milliseconds"]
    within = sum(milliseconds <= GOAL for milliseconds in times) / len(times)
    print(f"keystroke to coloured slots: {_percentiles(times)}, {within:.1%} within {GOAL} ms")
    print(f"answered before the next: {len(times)} of {found['keystrokes']}")
    print(f"of which the service: {_percentiles(found['of_service'])}")
    print(f"the page's own work: {found['work_milliseconds']:.1f} ms of a core a keystroke")


def _percentiles(milliseconds: list[float]) -> str:
    at = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return (
        f"p50 {at[49]:.0f} ms, p90 {at[89]:.0f}, p99 {at[98]:.0f}, longest {max(milliseconds):.0f}"
    )


if __name__ == "__main__":
    main()
