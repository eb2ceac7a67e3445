"""The JSON Schema of a result, for those who read eval/results with programs of their own.

result.schema.json beside this file is what `text` gives; ``goldwire eval report --schema`` prints it.
"""

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from goldwire.eval.result import Result, Unscored

ID = "urn:goldwire:schema:result"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema of a file of eval/results (JSON Schema 2020-12): a question that was scored, or was not."""
    either = TypeAdapter[Any](Annotated[Result | Unscored, Field(discriminator="status")])
    made = either.json_schema(mode="serialization", by_alias=True)
    about = {
        "title": "A result of goldwire",
        "description": "A file eval/results/<scheme>.<question>.json of a goldwire study. Metrics are 0 to 1.",
    }
    return {"$schema": DRAFT, "$id": ID, **about, **made}


def text() -> str:
    """Return the schema as it stands in result.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
