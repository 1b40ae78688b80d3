"""One look for all apps: calm, legible, light or dark as the reader's system has it.

No font or file comes from elsewhere; the fonts are the system's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["CSS", "theme"]

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

CSS = """
.gradio-container { max-width: min(1180px, 100vw) !important; min-width: 0 !important;
  margin: 0 auto !important; }
.gradio-container h1 { letter-spacing: -0.015em; }
.gradio-container .prose { line-height: 1.55; overflow-wrap: anywhere; }
.gradio-container { --block-title-background-fill: none; --block-title-padding: 0;
  --block-title-text-color: var(--body-text-color); --block-title-text-weight: 600;
  --block-label-text-color: var(--body-text-color); --block-label-background-fill: none; }
.gradio-container .pending { opacity: 1 !important; }
.dark .gradio-container [role="tab"].selected { color: var(--primary-300) !important; }
.dark .gradio-container [role="tab"].selected::after { background-color: var(--primary-400); }
body:not(.dark) .gradio-container .cm-line span { color: var(--body-text-color) !important; }
.gradio-container .katex [style*="204, 0, 0"], .gradio-container .katex [style*="#cc0000"],
.gradio-container .katex-error { color: inherit !important; }
.gradio-container img { max-width: 100%; height: auto; }
.gradio-container :is(a, button, input, textarea, select, summary, [tabindex], [role="tab"],
  [role="slider"]):focus-visible { outline: 3px solid var(--color-accent) !important;
  outline-offset: 2px; border-radius: 4px; }
.gradio-container .progress-level { background: var(--background-fill-primary); padding: 6px 10px;
  border: 1px solid var(--border-color-primary); border-radius: 8px; }
.gradio-container footer .divider:last-child { display: none; }
@media (prefers-reduced-motion: reduce) {
  .gradio-container * { animation-duration: 0.01ms !important; transition: none !important;
    scroll-behavior: auto !important; }
}
@media (max-width: 640px) {
  .gradio-container .main.fillable { padding: 8px 10px !important; }
  .gradio-container h1 { font-size: 1.5rem; }
  .gradio-container button:is(.lg, .md, .sm) { min-height: 44px; }
  .gradio-container .tab-container button { padding: 0 7px; font-size: 0.92rem; }
}
"""
"""A page holds it in a <style> element: what is handed to Gradio as css= loses its media queries,
because Gradio puts a prefix before their selectors that matches nothing."""


def theme() -> gr.themes.Base:
    """The theme; Gradio is imported here because that takes seconds."""
    import gradio as gr

    return gr.themes.Soft(
        primary_hue=gr.themes.colors.cyan,
        secondary_hue=gr.themes.colors.slate,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=_SANS,
        font_mono=_MONO,
    ).set(
        button_primary_background_fill="*primary_800",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        link_text_color="*primary_800",
        link_text_color_dark="*primary_300",
        block_label_background_fill="*background_fill_primary",
        block_label_background_fill_dark="*background_fill_primary",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        block_title_background_fill="none",
        block_title_background_fill_dark="none",
        block_title_padding="0",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_200",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        checkbox_label_background_fill_selected="*primary_800",
        checkbox_label_background_fill_selected_dark="*primary_700",
        checkbox_label_text_color_selected="white",
        checkbox_background_color_selected="*primary_700",
        checkbox_border_color="*neutral_400",
        color_accent="*primary_700",
        slider_color="*primary_700",
        slider_color_dark="*primary_500",
    )
