"""What a link to the page says: the parameters of each page, under names that stay."""

from __future__ import annotations

from apps.hi_maps.inputs import SOURCES
from apps.hi_maps.models import MAX_MAPS, METHODS, MODELS
from apps.shared.checks import MAX_SEED
from apps.shared.page.links import Choice, Parameter, Real, Whole
from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE

__all__ = ["PAGE", "PAGES", "PARAMETERS"]

PAGES = ("generate", "compare", "infer", "twins", "about")
PAGE = Choice("tab", "generate", PAGES)  # "page" is Gradio’s own

_MODEL = Choice("model", "HI-CDM", MODELS)
_SEED = Whole("seed", 1, 0, MAX_SEED)
_MAP: tuple[Parameter, ...] = (
    Choice("source", "shown", SOURCES),
    Whole("map", 1, 1, MAX_MAPS),
    Whole("example", 1, 1, 99),
)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "generate": (
        Real("omega_m", 0.3, *OMEGA_M_RANGE), Real("sigma_8", 0.8, *SIGMA_8_RANGE), _MODEL,
        Whole("n", 1, 1, MAX_MAPS), _SEED, Choice("walk", "none", ("none", "omega_m", "sigma_8")),
    ),
    "compare": (
        Real("omega_m_a", 0.2, *OMEGA_M_RANGE), Real("sigma_8_a", 0.8, *SIGMA_8_RANGE),
        Real("omega_m_b", 0.4, *OMEGA_M_RANGE), Real("sigma_8_b", 0.8, *SIGMA_8_RANGE), _MODEL,
        Whole("n", 1, 1, MAX_MAPS // 2), _SEED,
    ),
    "infer": (*_MAP, Choice("method", "field", tuple(METHODS))),
    "twins": (*_MAP, Whole("phases", 1, 0, MAX_SEED)),
}
"""Of each page."""
