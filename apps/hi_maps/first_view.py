"""Draw again the map that the page opens with: ``python -m apps.hi_maps.first_view``.

It is what the model gives for the sliders' defaults (a test holds it to that), kept so that the
page shows a map before any model is loaded.
"""

from __future__ import annotations

import argparse
from typing import Any

from apps.hi_maps.models import draw
from apps.hi_maps.pages.generate import FIRST_VIEW
from apps.hi_maps.state import PARAMETERS
from apps.shared.downloads import npz_bytes

__all__ = ["main"]


def main() -> None:
    """Write the file."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    values: dict[str, Any] = {p.name: p.default for p in PARAMETERS["generate"] if p.name != "walk"}
    drawn = draw(**values)
    FIRST_VIEW.write_bytes(npz_bytes(drawn.maps, drawn.facts()))
    print(f"wrote {FIRST_VIEW.name}: {drawn.name}")


if __name__ == "__main__":
    main()
