"""The published JSON Schema: it is that of the models, and results fit it."""

import json
from importlib import resources

import jsonschema
import pytest

from goldwire import files
from goldwire.eval import facts, schema
from goldwire.eval.result import Result, Unscored
from goldwire.study import Study
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


def test_every_file_of_the_results_fits(scored: Study) -> None:
    nothing = {"min": None, "q1": None, "median": None, "q3": None, "max": None, "total": 0}
    counts = {name: {} for name in ("outlets", "months", "languages", "mojibake", "without")} | {"articles": 2}
    counts |= {"stories": 1, "near_duplicates": {"articles": 2, "share": 1.0}, "counted_later": 1}
    counts |= {"words": nothing | {"histogram": [{"from": 0, "to": None, "articles": 2}]}}
    counts |= {"story_sizes": [{"from": 1, "to": 1, "stories": 0}]}
    facts.write(counts, scored.results)
    paths = sorted(scored.results.iterdir())
    assert "corpus.json" in [path.name for path in paths]
    for path in paths:
        jsonschema.validate(files.read_json(path), schema.schema())


def test_other_counts_do_not() -> None:
    assert list(jsonschema.Draft202012Validator(schema.schema()).iter_errors({"articles": 1}))


@pytest.mark.parametrize("change", [{"n": "many"}, {"more": 1}, {"status": "lost"}])
def test_what_is_no_result_does_not(change: dict[str, object]) -> None:
    value = made_up().model_dump(mode="json", by_alias=True) | change
    assert list(jsonschema.Draft202012Validator(schema.schema()).iter_errors(value))
