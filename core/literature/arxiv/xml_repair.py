"""A feed that is damaged in places, as the entries that are whole and the number of those lost.

Entries are cut out by their tags; each that is no XML is mended where that cannot change what it
says (a control character, a name such as ``&nbsp;``, a bare ``&`` or ``<``), else left out. What
comes out is XML, so that only strict parsers ever see it.

Example:
    >>> feed = "<feed><title>arXiv</title>{}<entry><id>2</id></entry></feed>"
    >>> whole_entries(feed.format("<entry><id>1").encode())
    (b'<feed><title>arXiv</title><entry><id>2</id></entry></feed>', [''])
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat
from xml.sax.saxutils import escape

from core.literature.arxiv.ids import find_ids

__all__ = ["NoFeedError", "whole_entries"]

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,30})[\"']")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KNOWN = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "utf-16")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ENTRY = re.compile(r"<(entry|item)(?=[\s>/])")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,10})|#[xX]([0-9A-Fa-f]{1,8})|([A-Za-z][A-Za-z0-9]{1,30}));")
_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_BARE_AND = re.compile(r"&(?!(?:#[0-9]{1,10}|#[xX][0-9A-Fa-f]{1,8}|amp|lt|gt|quot|apos);)")
_TAGS = (
    "entry item id guid title updated published pubDate link summary description author name email "
    "uri category content rights contributor source "
    "arxiv:[A-Za-z_]+ dc:[A-Za-z_]+"
)
_BARE_LESS = re.compile(
    r"<(?!/?(?:" + "|".join(_TAGS.split()) + r")(?=[\s>/])|!\[CDATA\[|\?)"
)
_TEXTS = re.compile(r"<(title|summary|description)\b[^>]*>.*?</\1>", re.S)
_LONG_WORD = re.compile(r"[\w.+-]{501}")
_LONGEST = 300_000
_DEEPEST = 40
_TOP = 1_000  # characters of an entry, among which its id is


class NoFeedError(ValueError):
    """What stands around the entries is itself no XML."""


def whole_entries(body: bytes) -> tuple[bytes, list[str]]:
    """A feed of the entries that are whole, as UTF-8, and the arXiv ids of those that were lost.

    Args:
        body: with an opening ``<feed`` or ``<rss``, and without a DOCTYPE before its entries; its
            end may be missing.

    Returns:
        The feed, and of each lost entry its id, "" where it has none.

    Raises:
        NoFeedError: if what is outside of the entries is no XML.
    """
    text, foreign = _decoded(body)
    if not foreign and not _FORBIDDEN.search(text) and _is_xml(text) and not _slow(text):
        return text.encode(), []
    text = _COMMENT.sub(" ", text)
    starts = [match.start() for match in _ENTRY.finditer(text)]
    head = _mended(text[: starts[0]] if starts else text)
    closing = "</feed>" if "<feed" in head else "</channel></rss>"
    if not starts:
        head = re.sub(r"(?:</channel>\s*)?</(?:feed|rss)>\s*$", "", head)
    if len(head) > _LONGEST or not _is_xml(head + closing):
        raise NoFeedError
    kept, lost = [], []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        entry = _entry(text[start:end], head, closing)
        kept.append(entry)
        if not entry:
            lost.append(next(iter(find_ids(text[start:end][:_TOP])), ""))
    return f"{head}{''.join(kept)}{closing}".encode(), lost


def _decoded(body: bytes) -> tuple[str, bool]:
    """The text without its declaration, and whether some bytes are no characters."""
    named = next((name for mark, name in _MARKS if body.startswith(mark)), "")
    declared = _DECLARED.match(body[:300].lstrip())
    said = declared[1].decode().lower() if declared else "utf-8"
    name = named or (said if said in _KNOWN else "utf-8")
    try:
        text, foreign = body.decode(name), False
    except UnicodeError:
        text, foreign = body.decode("utf-8", "surrogateescape"), True
    return re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.S).lstrip("\ufeff"), foreign


def _entry(text: str, head: str, closing: str) -> str:
    """An entry of the feed, mended if need be; "" if it cannot be."""
    name = "entry" if text.startswith("<entry") else "item"
    end = text.find(f"</{name}>")
    text = text[: end + len(name) + 3]
    if end < 0 or len(text) > _LONGEST or _slow(text):
        return ""
    if not _FORBIDDEN.search(text) and _is_xml(f"{head}{text}{closing}"):
        return text
    if re.search(r"<!(?:doctype|entity)", text, re.I):
        return ""
    text = _mended(_characters(text))
    if "<![CDATA[" not in text:
        text = _BARE_LESS.sub("&lt;", text).replace("]]>", "]]&gt;")
    return text if _is_xml(f"{head}{text}{closing}") else ""


def _characters(text: str) -> str:
    """Bytes that are no UTF-8 as the Western characters that they most often are."""
    if not re.search("[\udc80-\udcff]", text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if not re.search(
        "[\u0080-\ud7ff]", text) else re.sub("[\udc80-\udcff]+", "\ufffd", text)


def _mended(text: str) -> str:
    text = _REFERENCE.sub(_reference, _FORBIDDEN.sub(" ", text))
    return _BARE_AND.sub("&amp;", text)


def _reference(match: re.Match[str]) -> str:
    if match[3]:
        known = html5.get(f"{match[3]};", "")
        return match[0] if match[3] in _OWN or not known else escape(known.replace("\u00a0", " "))
    number = int(match[1] or match[2], 10 if match[1] else 16)
    allowed = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or (
        0x10000 <= number < 0x110000)
    return match[0] if allowed else " "


def _slow(text: str) -> bool:
    """feedparser looks for mail addresses in the authors, in the square of a word's length."""
    return bool(_LONG_WORD.search(text)) and bool(_LONG_WORD.search(_TEXTS.sub(" ", text)))


def _is_xml(text: str) -> bool:
    parser, depth = expat.ParserCreate("utf-8"), 0

    def begins(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")

    def ends(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except (expat.ExpatError, ValueError):
        return False
    return True
