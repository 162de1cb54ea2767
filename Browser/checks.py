"""What holds on every page: axe finds nothing, nothing scrolls sideways, the text is whole."""

import hashlib
import importlib.resources
import re

from playwright.sync_api import Page

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 1440)

# The build of a page without its words: two pages built alike need one check.
SKELETON = """() => [...document.querySelectorAll('body, body *')].map(e =>
    e.tagName + '.' + (e.getAttribute('class') || '') + '#' + (e.getAttribute('id') || '').replace(/[0-9a-f-]{8,}|\\d+/g, '') + e.getAttributeNames().join(' ')).join()
    + document.documentElement.className"""

seen: set[str] = set()
# Where scripts are off axe cannot run: it looks at the same page in a twin that has them.
twins: dict[Page, Page] = {}


def twin_of(page: Page) -> Page:
    """The page as it stands, without its own scripts, in a context where axe can run."""
    twin = twins.get(page)
    if twin is None:
        return page
    html = re.sub(r"<script\b[^>]*></script>", "", page.content())
    twin.unroute_all()
    twin.route(
        "**/*",
        lambda route: (
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            if route.request.is_navigation_request()
            else route.continue_()
        ),
    )
    twin.set_viewport_size(page.viewport_size)
    twin.goto(page.url)
    return twin


def is_built_like_before(page: Page) -> bool:
    size = page.viewport_size or {"width": 0}
    path = page.url.split("?")[0].rsplit("/", 1)[-1] if "/my/" not in page.url else ""
    key = hashlib.sha256(f"{size['width']} {path} {page.evaluate(SKELETON)}".encode()).hexdigest()
    if key in seen:
        return True
    seen.add(key)
    return False


def axe(page: Page) -> None:
    """Zero violations of WCAG 2.2 A, AA and good practice on the page as it stands."""
    if is_built_like_before(page):
        return
    there = twin_of(page)
    if not there.evaluate("() => 'axe' in window"):
        there.evaluate(AXE)
    # Colours between two states are nobody's.
    there.evaluate("() => Promise.all(document.getAnimations().map(moving => moving.finished.catch(() => {})))")
    found = there.evaluate(
        """async tags => (await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }))
            .violations.map(v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 160) + ' | ' + n.failureSummary) }))""",
        TAGS,
    )
    lines = [f"{v['id']}: {v['help']}\n    " + "\n    ".join(v["nodes"][:5]) for v in found]
    assert not found, f"axe on {page.url} ({page.title()}):\n" + "\n".join(lines)
    no_sideways_scroll(page)
    whole_text(page)


def no_sideways_scroll(page: Page) -> None:
    """The page fits 320, 390 and 1440 px; tables may scroll in their own frame."""
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": before["height"]})
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            guilty = page.evaluate(
                """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >
                    document.documentElement.clientWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 140))"""
            )
            page.set_viewport_size(before)
            raise AssertionError(f"{page.url} scrolls {over} px sideways at {width} px: {guilty}")
    page.set_viewport_size(before)


def whole_text(page: Page) -> None:
    """No key of a text, no template tag and no nil came through to the reader."""
    text = page.evaluate("() => document.body.innerText")
    for mark in ("[[", "{{", "Optional(", "nil,"):
        assert mark not in text, (
            f"{page.url} shows {mark}: …{text[max(0, text.find(mark) - 80) : text.find(mark) + 80]}…"
        )
    stray = page.evaluate(
        """() => { const key = /^(web|catalogue|cases|identity|directory|documents|notify|ratings|supervision|house|workflow)(\\.[A-Za-z0-9_-]+)+$/;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const found = [];
            while (walker.nextNode()) if (key.test(walker.currentNode.data.trim())) found.push(walker.currentNode.data.trim());
            return found }"""
    )
    assert not stray, f"{page.url} shows keys instead of words: {stray}"
