"""From bytes to text: byte-order marks, UTF-8, UTF-16, declared and legacy encodings, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ekg.errors import DataError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"PK\x03\x04", "ZIP archive or Office document"),
    (b"\x1f\x8b\x08", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"7z\xbc\xaf", "7-Zip archive"),
    (b"\xfd7zXZ", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"\xd0\xcf\x11\xe0", "old Office document"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"RIFF", "RIFF media"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg media"),
    (b"fLaC", "FLAC audio"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM media"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text, the codec's name, and what a user should know about the choice (None if it was certain)."""

    text: str
    encoding: str
    note: str | None = None


def known_encoding(name: str) -> str:
    """The codec's canonical name.

    Raises:
        DataError: Python has no text encoding of that name.

    >>> known_encoding("UTF8")
    'utf-8'
    """
    try:
        info = codecs.lookup(name)
        "".encode(name)
    except LookupError as error:
        raise DataError(
            f"unknown encoding '{name}'", hint="use a name such as utf-8, utf-16, windows-1252, windows-1251, gb18030"
        ) from error
    return info.name


def binary_kind(data: bytes) -> str | None:
    """What a binary file is, or None for what may be text.

    >>> binary_kind(b"%PDF-1.7 ...")
    'PDF'
    >>> binary_kind("Grüße".encode("utf-16"))
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp":
        return "MP4 media"
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return None
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return None if _utf16_order(sample) else "binary data (zero bytes)"
    if len(_CONTROL.findall(sample)) > len(sample) // 20:
        return "binary data (control characters)"
    return None


def _utf16_order(sample: bytes) -> str | None:
    """Byte order of UTF-16 without a mark, by where the zero bytes of Latin characters, spaces and digits stand."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def decode(data: bytes, *, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """Decode a file's bytes, in the order: forced, byte-order mark, UTF-8, declared, UTF-16, Windows-1252.

    Args:
        data: the bytes.
        encoding: forced by the user; nothing else is tried.
        declared: what the document says of itself (HTML's ``charset``); used when the bytes are not UTF-8.

    Raises:
        DataError: binary data, an unknown encoding, or bytes that the forced one does not have.

    >>> decode("naïve".encode("cp1252")).text
    'naïve'
    """
    kind = binary_kind(data)
    if encoding is not None:
        name = known_encoding(encoding)
        if kind is not None and not name.startswith(("utf-16", "utf-32")):
            raise DataError(f"binary file: {kind}", hint="give text, Markdown, HTML, JSON or captions")
        try:
            return Decoded(data.decode(name).removeprefix("\ufeff"), name)
        except UnicodeDecodeError as error:
            raise DataError(
                f"byte {error.start} (0x{data[error.start]:02x}) is not valid {name}", hint="try another --encoding"
            ) from error
    if kind is not None:
        raise DataError(f"binary file: {kind}", hint="give text, Markdown, HTML, JSON or captions")
    for bom, codec in _BOMS:
        if data.startswith(bom):
            try:
                return Decoded(data.decode(codec), codec.removesuffix("-sig"))
            except UnicodeDecodeError:
                text = data.decode(codec, "replace")
                return Decoded(text, codec.removesuffix("-sig"), f"damaged {codec}: some characters were replaced")
    if b"\0" in data:
        order = _utf16_order(data[:_SAMPLE])
        if order is None:
            raise DataError("binary file: binary data (zero bytes)", hint="give text, Markdown, HTML, JSON or captions")
        return Decoded(data.decode(order, "replace"), order, f"no byte-order mark; read as {order}")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, declared, error)


def _legacy(data: bytes, declared: str | None, error: UnicodeDecodeError) -> Decoded:
    if declared is not None:
        try:
            name = codecs.lookup(declared).name
            return Decoded(data.decode(name), name)
        except (LookupError, UnicodeDecodeError):
            declared = None
    high = sum(1 for byte in data if byte >= 0x80)
    if 2 * sum(len(match) for match in _MULTIBYTE.findall(data)) > high and not _cut_at_end(data, error):
        text = data.decode("utf-8", "replace")
        return Decoded(text, "utf-8", f"damaged UTF-8: {text.count(chr(0xFFFD))} characters were replaced")
    if _cut_at_end(data, error):
        return Decoded(data[: error.start].decode("utf-8"), "utf-8", "the last character is cut off")
    note = "not UTF-8, and no encoding is declared; read as windows-1252; --encoding forces another"
    try:
        return Decoded(data.decode("cp1252"), "cp1252", note)
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1", note.replace("windows-1252", "latin-1"))


def _cut_at_end(data: bytes, error: UnicodeDecodeError) -> bool:
    return error.start >= len(data) - 3 and error.start > 0 and error.reason == "unexpected end of data"
