"""The fine-tuning on a tiny base, for the processes that ``accelerate launch`` starts.

    python launched.py FOLDER        with pairs.jsonl in it
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.training.literature.test_train_cosmogemma import ByteTokenizer, tiny_base
from training.literature import train_cosmogemma as stage

if __name__ == "__main__":
    folder, packed = Path(sys.argv[1]), stage.pack
    stage.load_base = lambda *a, **k: (tiny_base(), ByteTokenizer())
    stage.pack = lambda examples, tokenizer: packed(examples, tokenizer, longest=4000)
    stage.train(stage.TrainConfig(
        data=(folder / "pairs.jsonl",), base="tiny", output=folder / "model", runs=folder / "runs",
        rank=2, batch_tokens=4000, max_steps=4, validation=0.5, closed_share=0.5,
    ))  # fmt: skip
