"""Start the CosmoGemma app alone: ``python -m apps.cosmogemma``."""

from apps.cosmogemma.app import build
from apps.shared.server.launch import launch

if __name__ == "__main__":
    launch(build())
