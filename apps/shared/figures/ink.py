"""How figures are drawn and shown: colours of ink, style, SVG and PNG.

An SVG is sharp on every screen, scales down to a phone, and follows the page's light or dark
colours: a figure is drawn with the placeholder colours below, and :func:`svg` replaces them by CSS
variables that :data:`CSS` defines for both. Figures are made with the object interface, without
pyplot's global state; matplotlib is not thread-safe, so drawing takes :data:`LOCK`.
"""

from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from apps.shared.page.layout import SCROLLS
from apps.shared.static_files import static

__all__ = [
    "BAND", "CSS", "FIRST", "FONT", "GRID", "INK", "LOCK", "SECOND", "SIGMA_LABEL", "TRUTH",
    "key_of", "png", "style", "svg",
]  # fmt: skip

# Placeholders: valid colours for matplotlib, replaced by CSS variables in svg().
INK = "#010203"
GRID = "#010204"
FIRST = "#010205"
SECOND = "#010206"
BAND = "#010207"
TRUTH = "#b91c1c"  # as corner_figure of core.posterior draws it
_VARIABLES = {
    INK: "currentColor",
    GRID: "var(--cd-grid)",
    FIRST: "var(--cd-first)",
    SECOND: "var(--cd-second)",
    BAND: "var(--cd-band)",
    TRUTH: "var(--cd-truth)",
}

CSS = static("figures/ink.css")
"""Style of the figures; a page puts it into a <style> element once."""


FONT = 9.5
"""Points."""

LOCK = threading.RLock()
"""Held while matplotlib draws."""

SIGMA_LABEL = r"$\log_{10}\,\Sigma_{\rm HI}$  [$(M_\odot/h)\,/\,({\rm Mpc}/h)^2$]"


def svg(figure: Figure, label: str, *, width: int | None = None, scroll: bool = False) -> str:
    """The figure as an HTML fragment with an inline SVG.

    Args:
        figure: a figure of this module, or any figure with black ink on no background.
        label: what it shows, in words, for people who do not see it.
        width: the largest width on the page in CSS pixels; by default 1.25 times its own.
        scroll: keep a least width and let narrow screens scroll it sideways.
    """
    buffer = io.StringIO()
    with LOCK:
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    text = text.replace("#000000", "currentColor")
    # The first tag carries a size in points; the view box is enough, CSS gives the size.
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    head += f' role="img" aria-label="{html.escape(label, quote=True)}" fill="currentColor"'
    wide = width if width is not None else round(figure.get_figwidth() * 96 * 1.25)
    kind = f'class="cd-plot cd-scroll" {SCROLLS}' if scroll else 'class="cd-plot"'
    return f'<div {kind} style="max-width:{wide}px">{head}>{rest}</div>'


def png(figure: Figure, metadata: Mapping[str, str] | None = None, dpi: int = 200) -> bytes:
    """The figure as a PNG on white, with ``metadata`` in its text chunks."""
    buffer = io.BytesIO()
    with LOCK:
        figure.savefig(
            buffer, format="png", dpi=dpi, facecolor="white", metadata=dict(metadata or {})
        )
    return buffer.getvalue()


def style(axes: Axes, grid: bool = True) -> None:
    axes.set_facecolor("none")
    axes.tick_params(which="both", colors=INK, labelsize=FONT - 1, direction="in")
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.8)
    if grid:
        axes.grid(True, color=GRID, lw=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(which="both", top=True, right=True)


def key_of(axes: Axes, loc: str) -> None:
    legend = axes.legend(loc=loc, fontsize=FONT - 1, frameon=False, handlelength=1.6)
    for text in legend.get_texts():
        text.set_color(INK)
