"""What an app shows of itself on the front page: made by its models, not a drawing of them."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

__all__ = ["Picture", "day_number", "pixels", "plain"]

_HEIGHT = 384
_GAP = 8


@dataclass(frozen=True)
class Picture:
    """What a model made, in pixels or in words, and where the app shows the same.

    Attributes:
        words: what it shows; a caption, and the text for who does not see it.
        query: of the link that opens the app with it.
        image: as WebP, if it is one.
        html: else a fragment in which every word that is not ours is escaped.
        lasts_s: after how many seconds it is worth another look.
    """

    words: str
    query: str
    image: bytes = b""
    html: str = ""
    lasts_s: float = 24 * 3600.0

    def to_json(self) -> str:
        """One line, for another process."""
        values: dict[str, Any] = asdict(self)
        return json.dumps(values | {"image": base64.b64encode(self.image).decode("ascii")})

    @classmethod
    def from_json(cls, text: str) -> Picture:
        """What :meth:`to_json` wrote."""
        picture = cls(**json.loads(text))
        return replace(picture, image=base64.b64decode(picture.image))


def day_number(day: date | None = None) -> int:
    """The day as a seed, the same for everybody: 20261123 for 23 November 2026.

    Example:
        >>> day_number(date(2026, 11, 23))
        20261123
    """
    day = day or datetime.now(UTC).date()
    return day.year * 10_000 + day.month * 100 + day.day


def pixels(fields: Sequence[tuple[Floats, tuple[float, float], str]]) -> bytes:
    """Fields side by side as WebP, without axes.

    Args:
        fields: (square field, what is the darkest and the lightest colour, name of the colours).
    """
    import numpy as np  # not above: the front page is up before anything heavy is imported
    from matplotlib import colormaps
    from PIL import Image

    width = len(fields) * _HEIGHT + (len(fields) - 1) * _GAP
    whole = Image.new("RGBA", (width, _HEIGHT))
    for index, (field, (low, high), colours) in enumerate(fields):
        scaled = np.clip((field - low) / (high - low), 0.0, 1.0)
        bytes_ = colormaps[colours](scaled[::-1], bytes=True)  # the first row is at the bottom
        image = Image.fromarray(bytes_).resize((_HEIGHT, _HEIGHT), Image.Resampling.BICUBIC)
        whole.paste(image, (index * (_HEIGHT + _GAP), 0))
    buffer = io.BytesIO()
    whole.save(buffer, format="WEBP", quality=88)
    return buffer.getvalue()


def plain(text: str) -> str:
    """Words with TeX as HTML on a page that has no KaTeX: mathematics in Unicode, escaped.

    Example:
        >>> plain(r"$\\tau = 0.054 \\pm 0.007$ & <b>")
        'τ = 0.054 ± 0.007 &amp; &lt;b&gt;'
    """
    from core.literature.text.unicode_math import unicode_text

    return html.escape(unicode_text(text))
