"""The JSON Schema of a file of eval/results, for those who read them with programs of their own.

result.schema.json beside this file is what `text` gives; ``goldwire eval report --schema`` prints it.
"""

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from goldwire.eval.facts import CorpusFacts
from goldwire.eval.result import Result, Unscored

ID = "urn:goldwire:schema:result"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema of a file of eval/results (JSON Schema 2020-12).

    That is a question that was scored, or was not, or the counts of corpus.json.
    """
    either = TypeAdapter[Any](Annotated[Result | Unscored, Field(discriminator="status")])
    made = either.json_schema(mode="serialization", by_alias=True)
    counts = CorpusFacts.model_json_schema(
        mode="serialization",
        by_alias=True,
        ref_template="#/$defs/CorpusFacts/$defs/{model}",  # its names are its own: a result has another Bin
    )
    about = {
        "title": "A result of goldwire",
        "description": (
            "A file of eval/results of a goldwire study: <scheme>.<question>.json, a question that was scored, or "
            "was not; or corpus.json, counts of the articles. Metrics are 0 to 1."
        ),
    }
    defs = {**made.pop("$defs"), "CorpusFacts": counts}
    return {"$schema": DRAFT, "$id": ID, **about, "anyOf": [made, {"$ref": "#/$defs/CorpusFacts"}], "$defs": defs}


def text() -> str:
    """Return the schema as it stands in result.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
