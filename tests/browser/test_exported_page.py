"""Can the page of an exported record be read by everybody, without anything from elsewhere?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.export.bundle import Bundle
from tests.browser.acts import DESKTOP, PHONE, picture
from tests.browser.test_axe import faults
from tests.export import conftest as export

taken = export.taken
made = export.made
_LINE = 24  # pixels: 1.5 times the letters
# A word of ordinary length that stands on two lines; hashes, links and names of files may.
_BROKEN_WORDS = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll("main :is(th, td, caption)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const words = texts.currentNode.data.matchAll(/(?<!\\S)[\\p{L}\\d_]{2,16}(?!\\S)/gu);
      for (const word of words) {
        const place = document.createRange();
        place.setStart(texts.currentNode, word.index);
        place.setEnd(texts.currentNode, word.index + word[0].length);
        if (place.getClientRects().length > 1) broken.push(`${cell.tagName} ${word[0]}`);
      }
    }
  }
  return broken;
}"""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def shown(
    request: pytest.FixtureRequest, made: Bundle, browser: Browser, tmp_path: Path
) -> Iterator[tuple[Page, list[str]]]:
    """The page as a file on somebody's disk, and everything that it asked for."""
    file = tmp_path / "index.html"
    file.write_bytes(made.files["index.html"])
    page, asked = browser.new_page(viewport=request.param), list[str]()
    page.on("request", lambda one: asked.append(one.url))
    page.goto(file.as_uri())
    yield page, asked
    page.close()


def test_it_is_accessible_fits_the_screen_and_loads_nothing(
    shown: tuple[Page, list[str]], request: pytest.FixtureRequest
) -> None:
    page, asked = shown
    assert faults(page) == []
    assert len(asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"export-{request.node.callspec.id}")


def test_captions_and_cells_stand_in_lines_not_in_single_letters(
    shown: tuple[Page, list[str]], made: Bundle, request: pytest.FixtureRequest
) -> None:
    page, _ = shown
    captions = page.locator("caption")
    assert captions.count() == sum(name.endswith(".csv") for name in made.files)
    tall = {
        one.inner_text(): box["height"] for one in captions.all() if (box := one.bounding_box())
    }
    assert {name: height for name, height in tall.items() if height >= 2 * _LINE} == {}
    assert page.evaluate(_BROKEN_WORDS) == []
    for part in ("runbook-steps", "approvals", "rules", "evidence"):
        page.locator(f"#{part}").evaluate("(it) => it.scrollIntoView({behavior: 'instant'})")
        picture(page, f"export-{part}-{request.node.callspec.id}")


def test_what_may_be_harmful_is_shown_when_it_is_opened(shown: tuple[Page, list[str]]) -> None:
    page, _ = shown
    words = page.locator("#timeline details").filter(has_text="seen: A quagga")
    expect(words.get_by_text("seen: A quagga")).to_be_hidden()
    words.locator("summary").press("Enter")
    expect(words.get_by_text("seen: A quagga")).to_be_visible()


def test_each_part_has_its_heading_and_is_reached_from_the_top(
    shown: tuple[Page, list[str]], made: Bundle
) -> None:
    page, _ = shown
    links = page.get_by_role("navigation", name="Parts").get_by_role("link")
    for link in links.all():
        name = link.inner_text()
        expect(page.get_by_role("heading", name=name, exact=True, level=2)).to_be_attached()
    assert links.count() == sum(name.endswith(".csv") for name in made.files)
