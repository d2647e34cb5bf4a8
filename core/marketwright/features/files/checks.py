"""What may be uploaded: known by its content, not by its name; images are drawn anew without what cameras add."""

import io
import zipfile

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from marketwright.features.files.names import clean_name
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say

LARGEST = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
_MILLIONS = MOST_PIXELS // 10**6
UNPACKED = 200 * 1024 * 1024  # bytes that an archive may hold in all
RATIO = 200  # unpacked to packed, above a small size
ENTRIES = 5000
PHOTO_SIDE = 480  # pixels
MIMETYPE = 100  # bytes of a media type that are read

_IMAGES = {"image/png": ("PNG", ("png",)), "image/jpeg": ("JPEG", ("jpg", "jpeg")), "image/webp": ("WEBP", ("webp",))}
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
_OPEN = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_TEXTS = {"txt": "text/plain", "log": "text/plain", "md": "text/markdown", "csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to be kept: a clean name, its type as its content says, its bytes."""

    name: str
    media_type: str
    data: bytes


def _refuse(sentence: Text) -> InvalidInput:
    return InvalidInput({"file": [sentence]})


def check_document(data: bytes, name: str) -> Checked:
    """A document or picture that people attach; raises ``InvalidInput`` that says what is wrong and the fix."""
    _check_size(data)
    kind = _type(data)
    if kind in _IMAGES:
        return _redrawn(data, name, kind)
    if kind == "application/pdf":
        return Checked(clean_name(name, ("pdf",)), kind, data)
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, name)
    return _text(data, name)


def check_picture(data: bytes, name: str) -> Checked:
    """A picture and nothing else: PNG, JPEG or WebP, drawn anew."""
    _check_size(data)
    kind = _type(data)
    if kind not in _IMAGES:
        raise _refuse(say("Please choose a picture in SVG, PNG, JPEG or WebP."))
    return _redrawn(data, name, kind)


def check_photo(data: bytes, name: str) -> Checked:
    """A portrait: cut to a square of 480 pixels, as JPEG, without what the camera wrote into it."""
    _check_size(data)
    if _type(data) not in _IMAGES:
        raise _refuse(say("Please choose a photo in JPEG, PNG or WebP."))
    image = ImageOps.fit(_opened(data).convert("RGB"), (PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, optimize=True)
    return Checked(clean_name(name, ("jpg", "jpeg")), "image/jpeg", out.getvalue())


def _check_size(data: bytes) -> None:
    if not data:
        raise _refuse(say("The file is empty."))
    if len(data) > LARGEST:
        raise _refuse(say("The file is larger than %(n)s MB. Send a smaller one.", n=LARGEST // 1024 // 1024))


def _type(data: bytes) -> str:
    try:
        found = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].mime_type) if found else ""


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            raise _refuse(say("The picture has more than %(n)s million pixels. Make it smaller.", n=_MILLIONS))
        return ImageOps.exif_transpose(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refuse(say("The picture is damaged. Save it again and send that.")) from error


def _redrawn(data: bytes, name: str, kind: str) -> Checked:
    form, extensions = _IMAGES[kind]
    image = _opened(data)
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if form != "JPEG" and "transparency" in image.info else "RGB")
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, form, quality=90)
    return Checked(clean_name(name, extensions), kind, out.getvalue())


def _archive(data: bytes, name: str) -> Checked:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(data))
            names = [e.filename for e in entries]
            opened = _said_of(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _refuse(say("The archive is damaged or locked with a password. Pack it again without one.")) from error
    if opened in _OPEN:
        return Checked(clean_name(name, (_OPEN[opened],)), opened, data)
    if "[Content_Types].xml" in names:
        if any(n.endswith("vbaProject.bin") for n in names):
            raise _refuse(say("The document holds macros. Save it without them, or as PDF."))
        for prefix, (media_type, extension) in _OFFICE.items():
            if any(n.startswith(prefix) for n in names):
                return Checked(clean_name(name, (extension,)), media_type, data)
    return Checked(clean_name(name, ("zip",)), "application/zip", data)


def _said_of(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument says that it is; its first letters are enough to know it."""
    with archive.open("mimetype") as entry:
        return entry.read(MIMETYPE).decode("ascii", "replace").strip()


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(e.file_size for e in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or (unpacked > 10**7 and unpacked > RATIO * packed):
        raise _refuse(say("The archive unpacks to far more than it should. Send the files one by one."))
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise _refuse(say("The archive holds paths that lead out of it. Pack it again."))


def _text(data: bytes, name: str) -> Checked:
    kinds = say("Please send a PDF, a picture, an office document, a text file or a zip archive.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refuse(kinds) from None
    ending = name.rpartition(".")[2].lower()
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text) or ending not in _TEXTS or _is_markup(text):
        raise _refuse(kinds)
    return Checked(clean_name(name, (ending,)), _TEXTS[ending], data)


def _is_markup(text: str) -> bool:
    head = text[:4096].lower()
    return head.lstrip().startswith(("<!doctype", "<html", "<svg", "<?xml", "<script")) or "<script" in head
