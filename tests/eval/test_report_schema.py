"""The published JSON Schema: it is that of the models, and results fit it."""

import json
from importlib import resources

import jsonschema
import pytest

from goldwire.eval import schema
from goldwire.eval.result import Result, Unscored
from reported import bare, made_up


def test_the_file_is_what_the_models_say() -> None:
    kept = (resources.files("goldwire.eval.schema") / "result.schema.json").read_text(encoding="utf-8")
    assert kept == schema.text(), "goldwire eval report --schema > toolkit/goldwire/eval/schema/result.schema.json"


def test_it_is_a_schema_with_a_name() -> None:
    made = schema.schema()
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == "urn:goldwire:schema:result"


@pytest.mark.parametrize(
    "result",
    [made_up(), made_up("tree"), bare(), Unscored(scheme="a", question="b", reason="free text")],
    ids=["full", "tree", "bare", "unscored"],
)
def test_results_fit(result: Result | Unscored) -> None:
    value = json.loads(json.dumps(result.model_dump(mode="json", by_alias=True)))
    jsonschema.validate(value, schema.schema())


@pytest.mark.parametrize("change", [{"n": "many"}, {"more": 1}, {"status": "lost"}])
def test_what_is_no_result_does_not(change: dict[str, object]) -> None:
    value = made_up().model_dump(mode="json", by_alias=True) | change
    assert list(jsonschema.Draft202012Validator(schema.schema()).iter_errors(value))
