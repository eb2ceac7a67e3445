"""Labelling units with a model that was loaded: the rows it reads, and the table it makes."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval import labelling, models_store
from goldwire.eval.inputs import load_all
from goldwire.eval.models import predict_all
from goldwire.study import Study

MakeStudy = Callable[..., Study]
MODEL = "stance-small.stance.tfidf-logreg"


@pytest.fixture
def stored(predicted: Study) -> models_store.Stored:
    return models_store.load(predicted.models / f"{MODEL}.joblib")


def test_units_are_read_as_a_study_s_are(predicted: Study) -> None:
    inputs = next(each for each in load_all(predicted)[0] if each.key == "stance-small.stance")
    units = predicted.read("units")
    found = labelling.shown(predicted.read("articles"), units).set_index("unit_id")
    assert list(found.index) == sorted(units["unit_id"].to_pylist())
    same = [name for name in inputs.rows.columns if name in found.columns]
    assert set(inputs.rows.columns) - set(same) == {"unit_id", "decided_by", "n_votes", "distribution"}
    for name in set(same) - {"labels", "label", "split", "cluster"}:
        assert found.loc[inputs.rows["unit_id"], name].tolist() == inputs.rows[name].tolist(), name
    assert found["cluster"].tolist() == found["article_id"].tolist()
    assert found[["labels", "label", "split"]].isna().all().all()


def test_the_same_units_get_the_same_labels_as_in_the_study(predicted: Study, stored: models_store.Stored) -> None:
    given = tables.read(predicted.predictions / f"{MODEL}.parquet", "predictions")
    wanted = set(given["unit_id"].to_pylist())
    units = predicted.read("units").to_pylist()
    asked = tables.build("units", [row for row in reversed(units) if row["unit_id"] in wanted])
    assert labelling.label(stored, predicted.read("articles"), asked).equals(given)


def test_many_units_are_labelled_in_parts_that_fit(
    predicted: Study, stored: models_store.Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = pa.Table.from_pylist(
        [row for row in predicted.read("units").to_pylist() if row["kind"] == "target"],
        schema=tables.SCHEMAS["units"],
    )
    whole = labelling.label(stored, predicted.read("articles"), units)
    monkeypatch.setattr(labelling, "_AT_ONCE", 7)
    assert labelling.label(stored, predicted.read("articles"), units).equals(whole)
    assert len(whole) == len(units)


def test_columns_that_articles_lack_are_empty_texts() -> None:
    articles = pa.table({"article_id": ["a"], "text": ["Some text."]})
    units = tables.build("units", [{"unit_id": "a/document", "article_id": "a", "start": 5, "end": 9}])
    (row,) = labelling.shown(articles, units).to_dict("records")
    assert {name: row[name] for name in ("text", "title", "outlet", "published_at", "language", "target")} == {
        "text": "text",
        **dict.fromkeys(("title", "outlet", "published_at", "language", "target"), ""),
    }
    assert row["aliases"] == []


def test_no_unit_is_an_error(predicted: Study, stored: models_store.Stored) -> None:
    with pytest.raises(GoldwireError, match="there is no unit to label"):
        labelling.label(stored, predicted.read("articles"), tables.build("units", []))


def test_labels_are_counted_the_most_frequent_first() -> None:
    rows = [{"labels": labels} for labels in (["b"], ["a", "b"], ["c"], [], ["c"], ["b"])]
    assert labelling.counts(tables.build("predictions", rows)) == {"b": 3, "c": 2, "a": 1}


def test_predicting_for_a_study_leaves_nothing_else(predicted: Study) -> None:
    before = {path.name: path.read_bytes() for path in predicted.predictions.iterdir()}
    predict_all(predicted)
    assert {path.name: path.read_bytes() for path in predicted.predictions.iterdir()} == before
