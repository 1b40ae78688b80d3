"""Shared by the tests of Spaces: the trees of all apps."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.release.spaces.staging import APPS, Staged, stage


@pytest.fixture(scope="package")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each app staged for a Space named someone/app. Only read them."""
    place = tmp_path_factory.mktemp("spaces")
    return {app: stage(Staged(app, repo_id="someone/app"), place / app) for app in APPS}
