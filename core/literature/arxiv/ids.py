"""arXiv's identifiers, versions and categories: the one place that knows their forms.

New identifiers (since April 2007) are ``YYMM.NNNNN``, four digits after the point before 2015; old
ones an archive, a subject class in some, and ``YYMMNNN``, as ``astro-ph/0601001`` or
``math.GT/0309136`` (https://info.arxiv.org/help/arxiv_identifier.html). All digits are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = [
    "ARXIV_ID", "abs_and_pdf", "abs_url", "checked_categories", "find_ids", "is_arxiv_id",
    "is_category", "without_version",
]

_MONTH = r"[0-9]{2}(?:0[1-9]|1[0-2])"
_ARCHIVE = (  # those that had papers before April 2007; no other has old identifiers
    r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|"
    r"comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|"
    r"nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con)"
)
_SUBJECT = r"(?:\.(?:[A-Z]{2}|[a-z]{2,8}(?:-[a-z]{2,8})?))?"

ARXIV_ID = rf"(?:{_MONTH}\.[0-9]{{4,5}}|{_ARCHIVE}{_SUBJECT}/{_MONTH}[0-9]{{3}})"
"""Pattern of an identifier without its version, to be put into another pattern."""

_WHOLE = re.compile(ARXIV_ID)
_WITH_VERSION = re.compile(rf"({ARXIV_ID})v([0-9]{{1,3}})")
_IN_TEXT = re.compile(rf"(?<![\w.-])({ARXIV_ID})(?:v[0-9]{{1,3}})?(?![\w/]|\.[0-9])")
_CATEGORY = re.compile(rf"[a-z]{{1,12}}(?:-[a-z]{{1,12}})?{_SUBJECT}")
_MOST_CATEGORIES = 20


def is_arxiv_id(text: str) -> bool:
    """Whether a text is an identifier, without a version.

    Example:
        >>> [is_arxiv_id(text) for text in ("2301.01234", "math.GT/0309136", "2313.01234", "x")]
        [True, True, False, False]
    """
    return bool(_WHOLE.fullmatch(text))


def find_ids(text: str) -> list[str]:
    """The identifiers in a text or an address, without their versions, each once, in order.

    Example:
        >>> find_ids("see arXiv:2301.01234v2, https://arxiv.org/abs/math.GT/0309136 and 2301.01234")
        ['2301.01234', 'math.GT/0309136']
    """
    return list(dict.fromkeys(_IN_TEXT.findall(text)))


def without_version(text: str) -> tuple[str, int | None]:
    """Identifier and version of "2301.01234v2", "arXiv:2301.01234" or an address that ends so.

    Returns:
        (identifier, version or None); ("", None) where there is no identifier at the end.

    Example:
        >>> without_version("http://arxiv.org/abs/hep-th/9901001v3")
        ('hep-th/9901001', 3)
    """
    for start in [0, *(match.end() for match in re.finditer(r"[:/]", text))]:
        end = text[start:]
        if found := _WITH_VERSION.fullmatch(end):
            return found[1], int(found[2])
        if is_arxiv_id(end):
            return end, None
    return "", None


def abs_url(id: str) -> str | None:
    """The page of a paper on arXiv; None for what is no identifier, as a passage of the primer."""
    return f"https://arxiv.org/abs/{id}" if is_arxiv_id(id) else None


def abs_and_pdf(id: str) -> tuple[str, str] | None:
    """The pages of a paper on arXiv; None for what is no identifier, such as the sample's."""
    page = abs_url(id)
    return (page, f"https://arxiv.org/pdf/{id}") if page else None


def is_category(text: str) -> bool:
    """Whether a text has the form of arXiv's categories.

    Example:
        >>> [is_category(text) for text in ("astro-ph.CO", "gr-qc", "math", "--", "astro-ph.")]
        [True, True, True, False, False]
    """
    return bool(_CATEGORY.fullmatch(text))


def checked_categories(categories: Sequence[str]) -> tuple[str, ...]:
    """The categories, each once.

    Raises:
        ValueError: for none, for more than twenty, or for something that is no category.
    """
    if isinstance(categories, str) or not 1 <= len(categories) <= _MOST_CATEGORIES:
        raise ValueError(f"Give a list of 1 to {_MOST_CATEGORIES} arXiv categories.")
    for category in categories:
        if not is_category(category):
            raise ValueError(f"{category[:40]!r} is no arXiv category; one is astro-ph.CO.")
    return tuple(dict.fromkeys(categories))
