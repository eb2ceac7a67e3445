"""The card as others use it: the Hub reads its header, and its loading examples run."""

import re
from pathlib import Path
from typing import Any

import datasets
import pytest
from huggingface_hub import DatasetCard

from goldwire.study import Params
from small_dataset import build

HUB = {  # what the Hub allows, as huggingface_hub's DatasetCardData lists it
    "multilinguality": {"monolingual", "multilingual", "translation", "other"},
    "size_categories": {"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B"},
    "task_categories": {"text-classification", "token-classification"},
}


@pytest.fixture(scope="module", params=[True, False], ids=["with texts", "without texts"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("card") / "dataset"
    build(made, params=Params.model_validate({"dataset": {"texts": request.param}, "card": {"licence": "our own"}}))
    return made


def test_the_hub_reads_the_header(folder: Path) -> None:
    data = DatasetCard.load(folder / "README.md").data
    assert (data.pretty_name, data.license, data.license_name) == ("Labelled news articles", "other", "our-own")
    assert (data.language, data.multilinguality) == (["ar", "en"], ["multilingual"])
    for name, allowed in HUB.items():
        assert set(getattr(data, name)) <= allowed, name
    listed = {config["config_name"] for config in data.configs}
    assert {info["config_name"] for info in data.dataset_info} == listed
    assert [config["config_name"] for config in data.configs if config.get("default")] == ["gold"]


def test_the_loading_examples_run(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    section = re.search(r"^## Loading$(.*?)^## ", (folder / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert section
    blocks = re.findall(r"^```python\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    found: dict[str, Any] = {}
    for block in blocks:
        exec(block.replace("PATH", str(folder)), found)
    gold = {split: rows.num_rows for split, rows in found["gold"].items()}
    assert gold == {"train": 21, "validation": 2, "test": 6}
    assert sum(rows.num_rows for rows in found["event_small"].values()) == 6
    assert next(iter(found["votes"]["train"]))["annotator"] == "annotator-1"
    assert (len(found["in_pandas"]), found["in_polars"].height) == (29, 29)
    assert sum(count for *_, count in found["counts"].fetchall()) == 29
