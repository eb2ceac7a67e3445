"""`goldwire labels push` sends what a model says of the units that it chose, on a real Label Studio."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables, template
from goldwire.cli import labels_exchange
from goldwire.errors import UsageError
from goldwire.labels.reannotate_pool import write_batch
from goldwire.labels.server import Client
from goldwire.labels.server import predictions as server
from goldwire.labels.units import pairs
from goldwire.scheme import load
from goldwire.studio import Server
from goldwire.study import Study

Push = Callable[..., Any]
SCHEME = load("stance-target")
SAID = ["favor", "against", "none"]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study with a round of three units that a model chose, and what it says of them."""
    made = template.create(tmp_path / "study")
    rows = [{"article_id": f"a{i}", "text": f"The army kept silent, day {i}.", "outlet": "Post"} for i in range(3)]
    articles = tables.build("articles", rows)
    tables.write(articles, made.articles)
    units = pairs(articles, [{"article_id": f"a{i}", "target": "army"} for i in range(3)])
    write_batch(made, "more", SCHEME, articles, units, chosen_by="m1", predictions=predictions(units, "m1", SAID))
    monkeypatch.chdir(made.root)
    return made


def predictions(units: pa.Table, model: str, said: list[str]) -> pa.Table:
    rows = [
        {"scheme": SCHEME.name, "scheme_hash": SCHEME.hash, "unit_id": unit, "question": "stance", "labels": [label]}
        | {"model": model, "scores": [{"label": label, "share": 0.75}]}
        for unit, label in zip(sorted(units["unit_id"].to_pylist()), said, strict=True)
    ]
    return tables.build("predictions", rows)


@pytest.fixture
def push(label_studio: Server, monkeypatch: pytest.MonkeyPatch) -> Push:
    monkeypatch.setenv("LABEL_STUDIO_URL", label_studio.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", label_studio.api_key)
    return pushing


def pushing(*words: str) -> Any:
    app = typer.Typer()
    labels_exchange.register(app)
    return CliRunner().invoke(app, ["push", *words])


def there(client: Client, project: int) -> list[tuple[str, str, list[str]]]:
    """Unit, model and labels of each prediction on the server."""
    units = {number: unit for unit, number in server.tasks_by_unit(client, project).items()}
    return sorted(
        (units[p["task"]], p["model_version"], p["result"][0]["value"]["choices"])
        for p in server.listing(client, project)
    )


@pytest.mark.server
def test_a_round_s_own_predictions_are_sent_once_and_the_page_starts_from_them(
    study: Study, push: Push, client: Client
) -> None:
    first = push("more", "--json")
    assert first.exit_code == 0, first.exception
    value = json.loads(first.stdout)
    told = value["predictions"]
    assert (value["created"], told["created"], told["model"]) == (3, 3, "m1")
    assert told["files"] == ["labels/rounds/more/predictions.parquet"]
    rows = tables.read(study.rounds / "more" / "predictions.parquet").to_pylist()
    sent = there(client, value["project"])
    assert sent == [(row["unit_id"], "m1", row["labels"]) for row in rows]
    assert server.shown(client, value["project"]) == "m1"
    again = push("more")
    assert again.stdout.splitlines()[-1] == (
        "predictions of labels/rounds/more/predictions.parquet: 0 created, 0 replaced, 3 unchanged, 0 deleted; "
        "the page starts from m1"
    )
    assert there(client, value["project"]) == sent


@pytest.mark.server
def test_without_predictions_none_is_sent_and_files_that_are_given_go_in_place_of_them(
    study: Study, push: Push, client: Client, tmp_path: Path
) -> None:
    value = json.loads(push("more", "--no-predictions", "--json").stdout)
    assert "predictions" not in value
    assert there(client, value["project"]) == []
    other = tmp_path / "other.parquet"
    units = tables.read(study.rounds / "more" / "predictions.parquet").select(["unit_id"])
    tables.write(predictions(units, "m2", ["none"] * 3), other)
    told = json.loads(push("more", "--predictions", str(other), "--json").stdout)["predictions"]
    assert (told["files"], told["created"], told["model"]) == ([str(other)], 3, "m2")
    assert {model for _, model, _ in there(client, value["project"])} == {"m2"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--no-predictions", "--predictions", "p.csv"], "--no-predictions does not go with files of predictions"),
        (["--no-predictions", "--model", "m1"], "--model goes with --predictions FILE"),
    ],
)
def test_options_that_do_not_go_together_are_usage(study: Study, words: list[str], message: str) -> None:
    assert study.root.is_dir()
    result = pushing("more", *words)
    assert isinstance(result.exception, UsageError)
    assert result.exception.message == message
