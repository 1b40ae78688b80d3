"""What the judge of yes/no questions learns from: the questions stored with the primer's passages.

Each is read with its own passage, which answers it by yes or no, and some with a passage that is
near in meaning and does not answer it. Passages are held out whole.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.literature.judge.network import LABELS, context_of, prompt_of
from core.literature.library.primer import Passage
from core.literature.library.stored_questions import StoredQuestion
from training.literature.train_cosmogemma import Pack, Tail

__all__ = ["JudgedPassage", "judged_passages", "packed"]

_NEAR = slice(3, 25)
"""Ranks of the passages nearest in meaning whose questions this one does not answer; the first
ones often do."""
_FROM_NEAR = 0.6
_UNSAID = 0.35
"""Questions of other passages, as a share of a passage's own."""
_MOST = 8
_WITHOUT_TITLE = 0.5


@dataclass(frozen=True)
class JudgedPassage:
    """A passage with questions, and what it says to each: an index of ``LABELS``."""

    text: str
    asked: tuple[tuple[str, int], ...]


def judged_passages(
    passages: Sequence[Passage], questions: Sequence[StoredQuestion],
    vectors: Sequence[np.ndarray], seed: int = 0,
) -> dict[str, JudgedPassage]:
    """Every passage that has yes/no questions, by its id.

    Args:
        passages: of the primer.
        questions: stored with them.
        vectors: of each passage, (1 + sentences, 384).
        seed: of what is chosen; others make other questions of other passages.
    """
    rng = random.Random(seed)
    asked = defaultdict(list)
    for question in questions:
        if question.answer:
            asked[question.passage].append(question)
    ids = [passage.id for passage in passages]
    whole = np.stack([vector[0] for vector in vectors])
    order = np.argsort(-(whole @ whole.T), axis=1)[:, _NEAR]
    found = {}
    for place, passage in enumerate(passages):
        some = _as_many_yes_as_no(asked.get(passage.id, []), rng)
        if not some:
            continue
        labelled = [(q.text, LABELS.index(q.answer)) for q in some]
        for _ in range(max(1, round(_UNSAID * len(some)))):
            near = rng.random() < _FROM_NEAR
            other = ids[rng.choice(order[place].tolist())] if near else rng.choice(ids)
            if other != passage.id and asked.get(other):
                labelled.append((rng.choice(asked[other]).text, LABELS.index("unsaid")))
        title = "" if rng.random() < _WITHOUT_TITLE else passage.title
        found[passage.id] = JudgedPassage(context_of(title, passage.text), tuple(labelled))
    return found


def _as_many_yes_as_no(
    asked: Sequence[StoredQuestion], rng: random.Random
) -> list[StoredQuestion]:
    """At most eight, of yes and no alike where there are enough: more stored questions have the
    answer no, and users' do not."""
    by_answer = [rng.sample(part, len(part)) for answer in ("yes", "no")
                 if (part := [q for q in asked if q.answer == answer])]
    most = min(_MOST // 2, 1 + min(map(len, by_answer), default=0))
    return [question for part in by_answer for question in part[:most]]


def packed(items: Sequence[JudgedPassage], tokenizer: Any) -> list[Pack]:
    """Tokens; a question's last one predicts its label, which stands behind it as a token id."""
    packs = []
    for item in items:
        tails = []
        for question, label in item.asked:
            ids = tokenizer(prompt_of(question), add_special_tokens=False)["input_ids"]
            tails.append(Tail((*ids, label), 1, 1.0))
        packs.append(Pack(tuple(tokenizer(item.text)["input_ids"]), tuple(tails)))
    return packs
