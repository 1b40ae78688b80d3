"""arXiv's identifiers and categories: every form that exists, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.literature.arxiv.ids import (
    ARXIV_ID,
    abs_and_pdf,
    find_ids,
    is_arxiv_id,
    is_category,
    without_version,
)

ROOT = Path(__file__).parents[4]
IDS = ("2301.01234", "0704.0946", "1412.0001", "astro-ph/0601001", "hep-th/9901001",
       "math.GT/0309136", "math/0309136", "cs.LG/0506001", "cond-mat/9912345", "q-alg/9501001")
NO_IDS = ("", "2301.01234v2", "2313.01234", "2300.01234", "2301.123", "2301.123456", "sample.0001",
          "primer:x", "foo-bar/0309136", "math.gt/03091367", "math/0313136", "2301.01234\n",
          "٢٣٠١.٠١٢٣٤", "math.GT/٠٣٠٩١٣٦", "2301.01234](javascript:x)", "--/0309136")


@pytest.mark.parametrize("text", IDS)
def test_an_id_is_one_wherever_it_stands(text: str) -> None:
    assert is_arxiv_id(text)
    for around in ("{}", "arXiv:{}", "arXiv:{}v2.", "({})", "https://arxiv.org/abs/{}v11",
                   "https://arxiv.org/pdf/{}.pdf", "see {}, and", "[{}]", "{}."):
        assert find_ids(around.format(text)) == [text], around
    assert without_version(text) == without_version(f"arXiv:{text}") == (text, None)
    for address in ("http://arxiv.org/abs/{}v3", "oai:arXiv.org:{}v3", "{}v3"):
        assert without_version(address.format(text)) == (text, 3)


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id(text: str) -> None:
    assert not is_arxiv_id(text) and abs_and_pdf(text) is None


def test_ids_in_a_text_are_found_once_and_numbers_are_none() -> None:
    text = ("1807.06209v4, astro-ph/9805201 and arXiv:2301.01234; not 0.1234, 1899.12345, 1234567, "
            "12301.01234, 2301.01234.5, x2301.01234 or 1807.06209")
    assert find_ids(text) == ["1807.06209", "astro-ph/9805201", "2301.01234"]


@pytest.mark.parametrize("text", ["", "http://arxiv.org/api/errors#incorrect_id", "v2", "2301v2",
                                  "http://arxiv.org/abs/2301.01234v2/x"])
def test_an_address_without_an_id(text: str) -> None:
    assert without_version(text) == ("", None)


def test_only_arxiv_ids_have_links() -> None:
    assert abs_and_pdf("2301.01234") == (
        "https://arxiv.org/abs/2301.01234", "https://arxiv.org/pdf/2301.01234",
    )  # fmt: skip
    assert abs_and_pdf("astro-ph/0601001")
    for id in ("sample.0001", "primer:x", "2301.01234](javascript:x)", "", "2301.01234\n"):
        assert abs_and_pdf(id) is None


@pytest.mark.parametrize("text", ["--", "-", "astro-", "-ph", "astro-ph.", "math.G", "math.GTX",
                                  "astro-ph.--", "mathé", "astro-ph.CO "])
def test_what_is_no_category(text: str) -> None:
    assert not is_category(text)


def test_nobody_else_knows_the_form_of_an_id() -> None:
    """One place: a pattern of one's own would disagree with it some day."""
    own = re.compile(r"\\d\{4\}\\?\.|\\d\{7\}|\[0-9\]\{4\}\\\.\[0-9\]|astro-ph\|")
    found = [
        str(path.relative_to(ROOT)) for top in ("core", "apps", "training")
        for path in (ROOT / top).rglob("*.py") if own.search(path.read_text())
        and path.name != "ids.py"
    ]
    assert not found and re.compile(ARXIV_ID).fullmatch("2301.01234")
