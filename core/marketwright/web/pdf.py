"""Papers as PDF, from the same HTML and in the same brand; needs the extra ``pdf`` (WeasyPrint and Pango)."""

import logging
import mimetypes
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app
from PIL import ImageFile

from marketwright.theming.brand import Brand
from marketwright.web.pages import STATIC_FOLDERS
from marketwright.web.pages import brand as the_brand
from marketwright.web.render import render_text

log = logging.getLogger("marketwright.web")
BASE = "https://paper.invalid"  # nobody's: what a paper refers to is looked up in our own folders or not at all
STYLES = Path(__file__).parent / "static" / "css" / "pdf.css"
FONTS = Path(__file__).parent / "static"


@cache
def can_pdf() -> bool:
    """Whether WeasyPrint and the libraries that it draws with are there."""
    if find_spec("weasyprint") is None:
        return False
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells of each rule that it does not draw
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        log.warning("papers cannot be made into PDF: %s", error)
        return False
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # it lets damaged pictures pass, in the whole process: uploads too
    return True


def pdf_page(template: str, context: Any, name: str) -> Response:
    """The page ``template`` as a PDF to download under ``name``; nothing is fetched from anywhere (S33)."""
    return pdf_file(pdf_of(template, context), name)


def pdf_file(data: bytes, name: str) -> Response:
    """A PDF to download under ``name``."""
    return Response(data, mimetype="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
    })  # fmt: skip


def pdf_of(template: str, context: Any, *, archive: bool = False) -> bytes:
    """The page ``template`` as PDF; ``archive`` makes it PDF/A-3, to be kept and to carry other files."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    brand, fetcher, fonts = the_brand(), _fetcher(), FontConfiguration()
    styles = [
        CSS(string=text, base_url=BASE, url_fetcher=fetcher, font_config=fonts)
        for text in (_face(brand), STYLES.read_text("utf-8"))
    ]
    page = HTML(string=render_text(template, context), base_url=BASE, url_fetcher=fetcher)
    data: bytes = page.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/a-3b" if archive else None)
    return data


def _face(brand: Brand) -> str:
    return brand.plain_css + (
        '@font-face { font-family: "Inter"; src: url("/static/fonts/inter-latin.woff2"); }\n'
        '@font-face { font-family: "Inter"; src: url("/static/fonts/inter-latin-ext.woff2"); '
        "unicode-range: U+0100-024F; }\n"
    )


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Own(URLFetcher):  # type: ignore[misc]
        """Looks into our own folders, never out."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            data, kind = own_file(url)
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return Own()


def own_file(url: str) -> tuple[bytes, str]:
    """A font or picture of this site as (bytes, media type); ``ValueError`` for everything else."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" == BASE:
        file = _file(parts.path)
        if file is not None:
            return file.read_bytes(), mimetypes.guess_type(file.name)[0] or "font/woff2"
    msg = f"a paper refers to {url!r}, which is not fetched"
    raise ValueError(msg)


def _file(path: str) -> Path | None:
    kind, _, rest = path.lstrip("/").partition("/")
    layer, _, name = rest.partition("/")
    worn: dict[str, Path] = current_app.extensions[STATIC_FOLDERS] if kind == "theme" else {}
    folder = FONTS if kind == "static" else worn.get(layer)
    if folder is None:
        return None
    file = (folder / (rest if kind == "static" else name)).resolve()
    inside = folder.resolve() in file.parents and file.suffix in (".woff2", ".svg", ".png")
    return file if inside and file.is_file() else None
