"""The lines of Python that compute an answer: those that are run are those that are shown.

A line is made of this package's own words and of numbers; nothing of a question's text gets into
it. :func:`run` refuses to run any other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.literature.assistant.calculation.cosmologies import Cosmology

__all__ = ["program", "run"]

_CONSTANTS = ("G", "c", "k_B", "m_p", "sigma_T", "h", "hbar")
_MODULES = frozenset(["astropy", "scipy", "numpy"])
_FUNCTIONS = {"quad": "scipy.integrate", "solve_ivp": "scipy.integrate",
              "brentq": "scipy.optimize", "erfc": "scipy.special", "erfcinv": "scipy.special"}
_LONGEST = 4000


def program(cosmology: Cosmology | None, body: Sequence[str], result: str) -> str:
    """Imports, the cosmology, the body and the line that prints the result."""
    text = "\n".join((*body, result))
    lines = []
    if re.search(r"\bcosmo\b", text) and cosmology is not None:
        lines += [line for line in (cosmology.imports, cosmology.code) if line]
    imports = ["import astropy.units as u"] if re.search(r"\bu\.", text) else []
    if "cu." in text:
        imports.append("import astropy.cosmology.units as cu")
    if "np." in text:
        imports.append("import numpy as np")
    if "z_at_value" in text:
        imports.append("from astropy.cosmology import z_at_value")
    if constants := [name for name in _CONSTANTS if re.search(rf"(?<![\w.]){name}\b(?! ?=)", text)]:
        imports.append(f"from astropy.constants import {', '.join(constants)}")
    for name, module in _FUNCTIONS.items():
        if re.search(rf"\b{name}\(", text):
            imports.append(f"from {module} import {name}")
    return "\n".join([*imports, *lines, "", *body, f"print({result})"])


def run(
    code: str, also: Mapping[str, str], cosmology: Cosmology | None = None
) -> tuple[float, dict[str, float]]:
    """The number that the code prints, and further ones of the same variables and cosmology.

    Raises:
        ArithmeticError: where there is no such number.
    """
    tree = ast.parse(code)
    if len(code) > _LONGEST or not _ours(tree):
        raise ValueError("This cannot be computed.")
    last = tree.body.pop()
    assert isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    names: dict[str, object] = {}
    import astropy.cosmology.units as cu
    import astropy.units as u
    from astropy import constants
    from astropy.cosmology import CosmologyError
    from scipy.special import erfc, erfcinv

    try:
        exec(compile(tree, "<calculation>", "exec"), names)
        if cosmology is not None and "cosmo" not in names:
            exec(f"{cosmology.imports}\n{cosmology.code}", names)
        known = {name: getattr(constants, name) for name in _CONSTANTS}
        names = {"u": u, "cu": cu, "erfc": erfc, "erfcinv": erfcinv, **known, **names}
        value = _evaluated(ast.Expression(last.value.args[0]), names)
        more = {name: _evaluated(ast.parse(expression, mode="eval"), names)
                for name, expression in also.items()}
    except (CosmologyError, IndexError, ValueError) as error:  # no root where one was sought
        raise ArithmeticError(str(error)) from error
    return value, more


def _evaluated(expression: ast.Expression, names: dict[str, object]) -> float:
    if not _ours(expression):
        raise ValueError("This cannot be computed.")
    found: Any = eval(compile(expression, "<calculation>", "eval"), names)
    return float(found)


def _ours(tree: ast.AST) -> bool:
    """Whether code imports only from astropy, numpy and scipy and touches nothing private."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(
                alias.name.split(".")[0] not in _MODULES for alias in node.names):
            return False
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in _MODULES:
            return False
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            return False
        if isinstance(node, ast.Name) and (node.id.startswith("_") or node.id in _BARRED):
            return False
    return True


_BARRED = frozenset(["eval", "exec", "open", "compile", "getattr", "setattr", "globals", "input"])
