"""Abstracts to ask about, a snapshot of them, and how to ask."""

from __future__ import annotations

import json
from pathlib import Path

from tests.training.literature.fake_server import Answer, good_answer
from training.literature.make_questions import QuestionsConfig
from training.literature.questions.abstracts import Abstract

NAMES = ("mass", "radius", "temperature", "velocity", "luminosity", "metallicity", "opacity", "age")
THINGS = ("quasar hosts", "cluster cores", "cosmic voids", "dwarf galaxies", "stellar streams",
          "radio relics", "lensing arcs", "hydrogen clouds")  # fmt: skip
SURVEYS = ("Gaia", "Euclid", "Planck", "LOFAR", "Chandra", "Rubin", "DESI", "HERA")
FILLER = (
    "Understanding structure in the universe needs careful modelling of many effects. "
    "Earlier results disagreed with each other by more than their quoted errors. "
    "Simulations with and without feedback are compared at matched resolution. "
    "Selection effects are corrected for with mock catalogues made in the same way as the data. "
    "Future surveys will shrink the remaining uncertainty by an order of magnitude."
)


def abstract_of(i: int, year: int = 2020) -> Abstract:
    name, thing, survey = NAMES[i % 8], THINGS[(i + i // 8) % 8], SURVEYS[(i * 3 + i // 8) % 8]
    finding = f"We find that the {name} of {thing} is {100 + 7 * i} units in {survey} data."
    return Abstract(f"{year % 100}01.{i:05d}", f"On {thing}", f"{FILLER} {finding}", year)


def snapshot(path: Path, count: int = 6) -> Path:
    rows = []
    for year in (2016, 2020, 2023):
        for i in range(count):
            a = abstract_of(i + (count if year == 2023 else 0), year)
            for identifier, categories in ((a.id, "astro-ph.CO gr-qc"), (f"x/{a.id}", "math.AG")):
                rows.append(
                    {"id": identifier, "title": a.title, "abstract": f"  {a.text}\n",
                     "categories": categories, "update_date": "2024-01-01",
                     "versions": [{"version": "v1", "created": f"Mon, 2 Mar {year} 19:18:42 GMT"}]}
                )  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def config_for(tmp_path: Path, url: str, **more: object) -> QuestionsConfig:
    values: dict[str, object] = {
        "snapshot": snapshot(tmp_path / "snapshot.json"), "output": tmp_path / "out",
        "server": url, "model": "any", "per_minute": 1e5, "timeout": 20.0, "retries": 4,
    }  # fmt: skip
    return QuestionsConfig(**{**values, **more})  # type: ignore[arg-type]


def well(prompt: str, number: int) -> Answer:
    return 200, good_answer(prompt)
