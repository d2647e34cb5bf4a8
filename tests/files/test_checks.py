import io
import zipfile

import pytest
from PIL import Image

from marketwright.features.files import checks
from marketwright.features.files.checks import check_document, check_photo
from marketwright.features.files.names import clean_name
from marketwright.kernel.errors import InvalidInput


def picture(form="PNG", size=(900, 600), **kw) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (12, 90, 70)).save(out, form, **kw)
    return out.getvalue()


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_the_type_is_what_the_content_says_and_not_the_name():
    checked = check_document(picture(), "report.pdf")
    assert (checked.media_type, checked.name) == ("image/png", "report.png")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg"),
        (b"<!doctype html><script>alert(1)</script>", "page.html"),
        (b"<html><body>x</body></html>", "notes.txt"),
        (b"hello <script>alert(1)</script>", "notes.txt"),
        (b"\x7fELF\x02\x01" + b"\0" * 64, "tool"),
        (b"MZ" + b"\0" * 128, "setup.pdf"),
        (b"#!/bin/sh\nrm -rf /\n", "run.sh"),
        (b"", "empty.pdf"),
    ],
)
def test_what_could_run_in_a_browser_or_a_shell_is_refused(data, name):
    with pytest.raises(InvalidInput):
        check_document(data, name)


def test_a_pdf_and_plain_text_pass_as_they_are():
    assert check_document(b"%PDF-1.7\n1 0 obj\n", "Offre été.pdf").name == "Offre été.pdf"
    assert check_document("des notes à lire".encode(), "notes.txt").media_type == "text/plain"


def test_a_word_document_is_known_by_what_lies_in_it():
    data = packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert check_document(data, "a.zip").name == "a.docx"


def test_a_text_document_is_known_by_the_type_that_it_says():
    data = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
    assert check_document(data, "a.zip").name == "a.odt"


def test_of_the_type_that_an_archive_says_only_the_beginning_is_read(monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    data = packed({"mimetype": b"application/vnd.oasis.opendocument.text".ljust(9_000_000), "content.xml": b"<x/>"})
    assert check_document(data, "a.zip").name == "a.odt"


def test_macros_are_refused():
    data = packed({"[Content_Types].xml": b"<x/>", "word/vbaProject.bin": b"x"})
    with pytest.raises(InvalidInput, match="macros"):
        check_document(data, "a.docx")


def test_a_zip_bomb_is_refused_by_what_it_would_become():
    with pytest.raises(InvalidInput, match="far more"):
        check_document(packed({"zeros": b"\0" * 60_000_000}), "x.zip")


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:/x"])
def test_an_archive_with_paths_that_lead_out_is_refused(path):
    with pytest.raises(InvalidInput, match="lead out"):
        check_document(packed({path: b"x"}), "x.zip")


def test_more_than_ten_megabytes_are_refused():
    with pytest.raises(InvalidInput, match="10 MB"):
        check_document(b"%PDF-1.7" + b"x" * checks.LARGEST, "x.pdf")


def test_a_picture_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif[0x8825] = {1: "N", 2: (50.0, 38.0, 0.0)}
    assert b"Camera of somebody" in picture("JPEG", exif=exif)
    assert b"Camera of somebody" not in check_document(picture("JPEG", exif=exif), "x.jpg").data


def test_what_hides_behind_a_picture_does_not_survive():
    assert b"<script>" not in check_document(picture() + b"<script>alert(1)</script>", "x.png").data


def test_a_photo_becomes_a_square():
    photo = Image.open(io.BytesIO(check_photo(picture("PNG", (900, 600)), "me.png").data))
    assert (photo.size, photo.format) == ((480, 480), "JPEG")


def test_a_photo_with_too_many_pixels_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(checks, "MOST_PIXELS", 1000)
    with pytest.raises(InvalidInput, match="million pixels"):
        check_photo(picture(), "me.png")


def test_a_damaged_picture_is_refused_in_words():
    with pytest.raises(InvalidInput, match="damaged"):
        check_photo(picture()[:200], "me.png")


def test_a_document_is_no_photo():
    with pytest.raises(InvalidInput, match="photo"):
        check_photo(b"%PDF-1.7\n", "me.pdf")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\offre.pdf", "offre.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("inv\u202efdp.exe", "invfdp.pdf"),
        ("a\u200bb\x00c.pdf", "abc.pdf"),
        ("...", "file.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
        ("Report v1.2", "Report v1.2.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
    ],
)
def test_names_are_made_safe_and_stay_readable(given, kept):
    assert clean_name(given, ("pdf",)) == kept
