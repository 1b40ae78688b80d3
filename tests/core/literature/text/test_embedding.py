"""A meaning does not depend on what is embedded beside it; a question does not wait for a day."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.literature.text import embedding

TEXTS = [f"We measure the power spectrum of field {i}. " * (1 + i % 5) for i in range(19)]


def test_a_text_has_one_meaning_whatever_stands_beside_it() -> None:
    together = embedding.embed(TEXTS)
    alone = np.concatenate([embedding.embed([text]) for text in TEXTS[:3]])
    assert together.shape == (19, embedding.DIMENSION)
    np.testing.assert_allclose(together[:3], alone, atol=2e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_a_question_comes_between_the_papers_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    begun, asked = threading.Event(), threading.Event()

    class Model:
        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            if len(texts) > 1:
                begun.set()
                asked.wait(10)
            done.append(len(texts))
            return np.ones((len(texts), embedding.DIMENSION), np.float32)

    monkeypatch.setattr(embedding, "_model", Model)
    monkeypatch.setattr(embedding, "_turns", embedding._Turns())
    day = threading.Thread(target=embedding.embed, args=(["a sentence"] * 80,))
    day.start()
    assert begun.wait(10)
    question = threading.Thread(target=embedding.embed, args=(["a question"],))
    question.start()
    while embedding._turns._next < 2:  # it stands in the line
        pass
    asked.set()
    day.join(10)
    question.join(10)
    assert sum(done) == 81
    assert done.index(1) == 1  # after the piece that was under way
