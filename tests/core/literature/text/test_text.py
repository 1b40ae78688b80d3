"""Sentences of abstracts."""

from __future__ import annotations

import pytest

from core.literature.text.text import clean, sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (r"It costs \$3 million. The survey is public. We thank nobody.", 3),
        (r"We find $x = 3. 4$ in all. Then it ends.", 2),
        (r"A grant of \$5 and $z<3. 2$ hold. Then it ends.", 2),
        ("Cf. Fig. 2 of Smith et al. 2020. It is high!", 2),
    ],
)
def test_a_dollar_of_money_opens_no_formula(text: str, count: int) -> None:
    found = sentences(text)
    assert len(found) == count
    assert " ".join(found) == clean(text)
