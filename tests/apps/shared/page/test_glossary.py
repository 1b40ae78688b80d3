"""What a term means stands on the page that uses it."""

from __future__ import annotations

import pytest

from apps.shared.page.glossary import TERMS, terms


def test_terms_open_without_a_script_and_say_a_sentence_each() -> None:
    shown = terms("68% interval", "AA* and AA4")
    assert shown.startswith("<details") and "<summary>" in shown
    assert shown.count("<dt>") == shown.count("<dd>") == 2
    assert all(meaning[0].isupper() and meaning.endswith(".") for meaning in TERMS.values())
    with pytest.raises(KeyError):
        terms("no such term")
