"""constraints.txt: every version of an install is known beforehand."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import pytest

from training.release.constraints import REQUIREMENTS, brought, read_constraints, text
from training.release.spaces.needs import pins

METADATA = {
    "app": {"version": "1.0", "requires_dist": ["web[fast]>=2", "old; python_version < '3'"]},
    "web": {"version": "2.1+cpu", "requires_dist": ["speed; extra == 'fast'",
                                                    "checks; extra == 'test'"]},
    "speed": {"version": "0.3"},
    "checks": {"version": "9.9"},
    "old": {"version": "0.1", "requires_dist": ["web"]},
}


def test_a_line_says_the_version_and_what_brings_it(tmp_path) -> None:
    file = tmp_path / "constraints.txt"
    file.write_text(text(METADATA, "3.11"))
    found = read_constraints(file)
    assert found["app"] == ("1.0", frozenset())
    assert found["web"] == ("2.1", {"app", "old"})  # a build is no version
    assert found["speed"] == ("0.3", {"web"})  # app asks for that extra
    assert found["checks"] == ("9.9", frozenset()) and not found["old"][1]  # not asked for here
    assert brought(["app"], found) == {"web": "2.1", "speed": "0.3"}


def test_every_requirement_is_in_it_in_the_same_version() -> None:
    known = {name: number for name, (number, _) in read_constraints().items()}
    for path in REQUIREMENTS:
        own = pins(path)
        assert own and own.items() <= known.items(), f"make constraints, after {path} has changed"


def test_what_is_brought_is_in_it_in_the_version_that_is_tested() -> None:
    """This environment was installed by it; a version that drifts is seen here."""
    differ = {}
    for name, (number, _) in read_constraints().items():
        try:
            here = version(name).partition("+")[0]
        except PackageNotFoundError:
            continue  # for another machine, or of the simulator
        if here != number:
            differ[name] = here, number
    assert not differ


@pytest.mark.parametrize("name", ["gradio", "transformers"])
def test_no_dependency_is_left_open(name: str) -> None:
    assert len(brought([name])) > 20
