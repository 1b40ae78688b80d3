"""One look for all apps: calm, legible, light or dark as the reader's system has it.

No font or file comes from elsewhere; the fonts are the system's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.shared.static_files import static

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["CSS", "theme"]

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

CSS = static("page/theme.css")
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
        body_background_fill_dark="#10171e",  # as on the front page
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
