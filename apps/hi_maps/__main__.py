"""Start the HI maps alone: ``python -m apps.hi_maps``."""

from apps.hi_maps.app import build
from apps.shared.server.launch import launch

if __name__ == "__main__":
    launch(build())
