"""What the page calls the states of the feed."""

from __future__ import annotations

__all__ = ["STATE_NAMES"]

STATE_NAMES = {
    "weekend": "Weekend", "holiday": "Holiday", "empty": "No papers today", "stale": "Stale feed",
    "partial": "Partly here", "offline": "Offline", "timeout": "No answer in time",
    "bad category": "Unknown category", "refused": "Refused", "busy": "Rate limited",
    "server error": "arXiv has a fault", "truncated": "Damaged list",
    "not a feed": "arXiv is in maintenance",
}
"""What the page calls a state of the feed; "fresh" needs no name."""
