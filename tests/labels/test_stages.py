"""The stages of a study: what each refuses of what the one before it made."""

from pathlib import Path

import pytest

from disputing import a_study, choice, pull
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import stages
from goldwire.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Twelve documents with the same answer of two annotators each."""
    made = a_study(tmp_path / "study", 12)
    answers = [(number, who, [choice("stance", "for")]) for number in range(12) for who in ("ann", "bob")]
    pull(made, "r", answers)
    stages.build(made)
    return made


def test_a_dataset_is_not_made_of_gold_that_was_decided_otherwise_than_params_say(study: Study) -> None:
    stages.gold(study, method="mace")
    with pytest.raises(GoldwireError) as refused:
        stages.dataset(study)
    assert refused.value.message == "gold was decided with method mace, and params.yaml says majority"
    assert refused.value.where == str(study.table("gold"))
    assert not study.dataset.exists()
    write_text(study.params_file, "gold: {method: mace}\n")
    made, _, _ = stages.dataset(study)
    assert "By MACE (Hovy et al., 2013)" in (made.folder / "README.md").read_text(encoding="utf-8")


def test_gold_without_an_account_of_itself_is_taken_as_it_is(study: Study) -> None:
    import pyarrow.parquet as pq

    stages.gold(study)
    pq.write_table(pq.read_table(study.table("gold")).replace_schema_metadata(None), study.table("gold"))
    stages.dataset(study)
    assert study.dataset.is_dir()
