"""The demonstration replaces nothing but an earlier demonstration."""

from pathlib import Path

import pytest

from goldwire import template
from goldwire.demo.run import run
from goldwire.errors import GoldwireError


@pytest.mark.parametrize("is_study", [True, False])
def test_data_of_ones_own_are_refused_and_stay(tmp_path: Path, is_study: bool) -> None:
    if is_study:
        template.create(tmp_path)
    kept = {
        tmp_path / "corpus" / "articles.parquet": b"articles",
        tmp_path / "labels" / "annotators.csv": b"people",
        tmp_path / "labels" / "rounds" / "events" / "pulls" / "part-00001.jsonl": b"answers",
    }
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(GoldwireError, match="there is a study here that is no demonstration"):
        run(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert {path: path.read_bytes() for path in kept} == kept
