"""Plain values of a brand are those that a browser computes from the same tokens."""

from pathlib import Path

from marketwright.dress import TOKENS_CSS
from marketwright.settings.marketplace import Look
from marketwright.theming.brand import make_brand


def test_plain_values_are_those_that_a_browser_computes(browser):
    names = ("page", "text", "text-muted", "accent", "on-accent", "accent-text", "accent-soft", "accent-mark", "line",
             "success-text", "accent-hover", "inverse", "portrait-skin")  # fmt: skip
    read = """names => names.map(n => { const d = document.createElement('div'); d.style.color = `var(--mw-${n})`;
        document.body.append(d); const c = document.createElement('canvas').getContext('2d');
        c.fillStyle = getComputedStyle(d).color; c.fillRect(0, 0, 1, 1);
        return [...c.getImageData(0, 0, 1, 1).data].slice(0, 3); })"""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        for colour in ("#0b5a43", "#ffff00", "#808080", "#ff00ff"):
            made = make_brand(TOKENS_CSS, (), Path("/nowhere"), Look(brand=colour), {})
            page.set_content(f"<style>{TOKENS_CSS.read_text()}\n{made.css}</style><body></body>")
            shown = page.evaluate(read, list(names))
            ours = made.day if scheme == "light" else made.night
            for name, rgb in zip(names, shown, strict=True):
                wanted = [int(ours[name][i : i + 2], 16) for i in (1, 3, 5)]
                assert max(abs(a - b) for a, b in zip(rgb, wanted, strict=True)) <= 2, (colour, scheme, name, rgb)
        context.close()
