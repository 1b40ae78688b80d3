"""What a screen reader says where Gradio leaves it a key, or mathematics in TeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.shared.static_files import static

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["JS", "LOCALES", "translations"]

LOCALES = ("en", "ar", "ca", "ckb", "de", "es", "eu", "fa", "fi", "fr", "he", "hi", "ja", "ko",
           "lt", "nb", "nl", "pl", "pt-BR", "pt", "ro", "ru", "sv", "ta", "th", "tr", "uk", "ur",
           "uz", "zh-CN", "zh-TW")
"""Languages that Gradio knows. The pages are in English for everybody."""

_MISSING = {"common.complete": "Done", "common.upload": "Upload", "common.video": "Video",
            "common.webcam": "Webcam"}

JS = static("frame/spoken.js")
"""JavaScript that gives every formula words, keeps it within its line, and puts no TeX into labels.
"""


def translations() -> gr.I18n:
    """The words that Gradio's own dictionaries lack; without them it says the key."""
    import gradio as gr

    return gr.I18n(**{locale: dict(_MISSING) for locale in LOCALES})
