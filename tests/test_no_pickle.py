"""Nothing in the project can run code that comes out of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("apps", "benchmarks", "core", "training")
               for path in (ROOT / folder).rglob("*.py"))
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
CALLS = {"torch.load", "torch.save", "eval", "exec", "compile", "yaml.load", "yaml.unsafe_load",
         "read_pickle", "to_pickle", "torch.jit.load"}
ARGUMENTS = {"allow_pickle": True, "weights_only": False, "trust_remote_code": True,
             "use_safetensors": False, "shell": True}
FOLDERS_OF_WEIGHTS = {".bin", ".ckpt", ".pkl", ".pickle", ".pt", ".pth", ".joblib"}


def faults(tree: ast.AST) -> Iterator[str]:
    """What a file does that it should not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"imports {a.name}" for a in node.names if a.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield f"imports {node.module}"
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CALLS or name.rpartition(".")[2] in ("read_pickle", "to_pickle"):
                yield f"calls {name}"
            for keyword in node.keywords:
                value = getattr(keyword.value, "value", None)
                if keyword.arg in ARGUMENTS and value is ARGUMENTS[keyword.arg]:
                    yield f"calls {name} with {keyword.arg}={value}"
            if name.endswith("Model.from_pretrained") or "AutoModelFor" in name:
                given = {keyword.arg for keyword in node.keywords}
                if name.endswith("from_pretrained") and not given & {"use_safetensors",
                                                                     "gguf_file"}:
                    yield f"{name} may take pickled weights"


def test_no_file_of_ours_unpickles_or_runs_what_it_reads() -> None:
    found = {str(path.relative_to(ROOT)): told for path in FILES
             if (told := sorted(set(faults(ast.parse(path.read_text(encoding="utf-8"))))))}
    # the calculator runs the lines that it wrote itself, of numbers and words of its own
    assert found.pop("core/literature/assistant/calculation/program.py") == [
        "calls compile", "calls eval", "calls exec"]
    assert not found


@pytest.mark.parametrize("text", [
    "import pickle", "from joblib import load", "torch.load(p, weights_only=True)", "exec(x)",
    "np.load(p, allow_pickle=True)", "pd.read_pickle(p)", "AutoModelForCausalLM.from_pretrained(n)",
    "AutoTokenizer.from_pretrained(n, trust_remote_code=True)", "subprocess.run(x, shell=True)",
])
def test_the_test_sees_it(text: str) -> None:
    assert list(faults(ast.parse(text)))


def test_no_weights_of_a_kind_that_runs_are_shipped() -> None:
    assert not [path for folder in ("apps", "core", "training", "docs")
                for path in (ROOT / folder).rglob("*") if path.suffix in FOLDERS_OF_WEIGHTS]
