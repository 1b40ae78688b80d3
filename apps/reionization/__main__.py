"""Start the reionization app alone: ``python -m apps.reionization``."""

from apps.reionization.app import build
from apps.shared.server.launch import launch

if __name__ == "__main__":
    launch(build())
