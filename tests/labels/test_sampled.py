"""Articles for a round keep the probability with which they were sampled."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.sampled import read_articles

ROWS = [{"article_id": f"a{i}", "content_hash": "h", "text": "T", "body_start": 0, "meta": "{}"} for i in range(2)]


def written(folder: Path, ending: str, **columns: list[Any]) -> Path:
    table = tables.build("articles", ROWS)
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    tables.write(table, folder / f"a.{ending}")
    return folder / f"a.{ending}"


@pytest.mark.parametrize("ending", ["parquet", "csv", "tsv", "jsonl"])
def test_the_probability_of_a_sample_is_kept_and_no_other_column(tmp_path: Path, ending: str) -> None:
    read = read_articles(written(tmp_path, ending, probability=[0.25, 1.0], stratum=["x", "y"]))
    assert read.column_names == [*tables.SCHEMAS["articles"].names, "probability"]
    assert read["probability"].to_pylist() == [0.25, 1.0]
    plain = read_articles(written(tmp_path, ending))
    assert plain.equals(tables.build("articles", ROWS))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.5, None], 'article "a1" has the probability None: it is above 0 and at most 1'),
        ([0.0, 0.5], 'article "a0" has the probability 0.0: it is above 0 and at most 1'),
        ([0.5, 1.5], 'article "a1" has the probability 1.5: it is above 0 and at most 1'),
        ([0.5, float("nan")], 'article "a1" has the probability nan: it is above 0 and at most 1'),
        (["0.5", "often"], "is not a number: "),
    ],
)
def test_what_is_no_probability_is_refused(tmp_path: Path, values: list[Any], message: str) -> None:
    path = written(tmp_path, "parquet", probability=values)
    with pytest.raises(GoldwireError) as caught:
        read_articles(path)
    assert str(caught.value).startswith(f"{path}: probability: {message}")
