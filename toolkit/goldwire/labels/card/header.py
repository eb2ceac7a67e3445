"""The YAML header of the card, as the Hugging Face Hub reads it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from goldwire.labels.card.licences import hub
from goldwire.scheme import Scheme
from goldwire.study import Params

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B")


def header(tables: Mapping[str, pa.Table], schemes: Sequence[Scheme], params: Params) -> dict[str, Any]:
    """Return what can be read off the data, in the words of the Hub.

    Who made the annotations (`annotations_creators`) and whether the articles stood in another dataset before
    (`source_datasets`) cannot, so these are left out.
    """
    listed = tables["articles"]["language"].unique().to_pylist()
    languages = sorted(code for code in listed if re.fullmatch("[a-z]{2,3}", code or ""))
    marks = any(scheme.mentions for scheme in schemes)
    tags = ["news", *(scheme.name for scheme in schemes), "annotator-disagreement", "label-studio", "goldwire"]
    rows = tables["gold"].num_rows
    place = min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)
    spoken = {"multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"]}
    return {
        "pretty_name": " ".join(params.card.title.split()) or "Dataset",
        "version": params.version,
        **({"language": languages, **spoken} if languages else {}),
        **hub(params.card.licence),
        "task_categories": ["text-classification", *(["token-classification"] if marks else [])],
        "tags": list(dict.fromkeys(tags)),
        "size_categories": [_SIZES[place]],
    }
