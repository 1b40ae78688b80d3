"""Start the skimArxiv app alone: ``python -m apps.skimarxiv``."""

from apps.shared.server.launch import launch
from apps.skimarxiv.app import build

if __name__ == "__main__":
    launch(build())
