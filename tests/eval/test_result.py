"""Results are kept as JSON and come back the same; the best model is chosen without probes."""

from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.result import Figure, ModelResult, Unscored, best, read_all, write


def model(name: str, value: float | None, role: str = "baseline") -> ModelResult:
    metrics = {"macro-f1": Figure(value=value)}
    return ModelResult.model_validate(
        {"name": name, "summary": "", "role": role, "metrics": metrics, "per_label": {}, "confusion": []}
    )


def test_the_best_model_is_no_probe_and_of_equals_the_first() -> None:
    models = [model("a", None), model("b", 0.5), model("c", 0.9, "probe"), model("d", 0.5, "given")]
    assert best(models).name == "b"
    assert best([model("a", None), model("b", None)]).name == "a"


def test_what_is_not_scored_is_written_and_read(tmp_path: Path) -> None:
    path = write(Unscored(scheme="s", question="q", reason="because"), tmp_path)
    assert path.name == "s.q.json"
    assert path.read_text() == (
        '{\n  "question": "q",\n  "reason": "because",\n  "scheme": "s",\n  "status": "not applicable"\n}\n'
    )


def test_a_folder_with_nothing_scored_has_no_results(tmp_path: Path) -> None:
    write(Unscored(scheme="s", question="q", reason="because"), tmp_path)
    with pytest.raises(GoldwireError, match=r"there are no results$"):
        read_all(tmp_path)


def test_a_file_that_is_no_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.q.json").write_text("[1]")
    with pytest.raises(GoldwireError, match=r"s\.q\.json: not a result of this version of goldwire: "):
        read_all(tmp_path)
