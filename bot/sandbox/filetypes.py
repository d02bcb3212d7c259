"""What kind of file is this, by its name?"""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

# Ending -> Slack's word and the words people read (docs.slack.dev/reference/objects/file-object).
_KNOWN = {
    "txt": ("text", "Plain Text"), "log": ("text", "Plain Text"), "md": ("markdown", "Markdown"),
    "py": ("python", "Python"), "js": ("javascript", "JavaScript"), "sh": ("shell", "Shell"),
    "yml": ("yaml", "YAML"), "yaml": ("yaml", "YAML"), "jpeg": ("jpg", "JPEG"),
    "jpg": ("jpg", "JPEG"), "gz": ("gzip", "Gzip"), "doc": ("doc", "Word Document"),
    "docx": ("docx", "Word Document"), "xlsx": ("xlsx", "Excel Spreadsheet"),
    "htm": ("html", "HTML"), "zip": ("zip", "Zip"),
}  # fmt: skip
_PICTURES = ("png", "jpg", "gif")
_OF_TYPE = {
    "images": ("png", "jpg", "gif", "svg", "webp", "bmp", "tiff", "heic"),
    "zips": ("zip", "gzip", "tar", "7z"),
    "pdfs": ("pdf",),
    "gdocs": (),
    "spaces": (),
}
TYPES = ("all", "snippets", *_OF_TYPE)


def ending(name: str) -> str:
    """What stands behind the last dot, in small letters; "" where there is none."""
    return PurePosixPath(name).suffix[1:].lower()


def word(name: str) -> str:
    """Slack's `filetype`, such as "png" or "text"."""
    last = ending(name)
    return _KNOWN[last][0] if last in _KNOWN else last or "binary"


def pretty(name: str) -> str:
    """What people read, such as "PNG" or "Plain Text"."""
    last = ending(name)
    return _KNOWN[last][1] if last in _KNOWN else last.upper() or "Binary"


def mime(name: str) -> str:
    """The media type, such as "image/png"."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def is_picture(name: str) -> bool:
    """Slack shows it in an image block."""
    return word(name) in _PICTURES


def is_of(name: str, types: list[str], *, is_snippet: bool) -> bool:
    """One of these `types` of files.list has it."""
    if "all" in types or (is_snippet and "snippets" in types):
        return True
    return any(word(name) in _OF_TYPE.get(each, ()) for each in types)
