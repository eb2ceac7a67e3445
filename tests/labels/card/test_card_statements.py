"""What the card says of texts, of the datasheet, and of the columns that only some datasets have."""

from typing import Any

import pyarrow as pa
import pytest

from carded import make, rows, sections
from goldwire.labels.card.datasheet import QUESTIONS
from goldwire.study import Datasheet


def test_the_datasheet_has_what_was_stated_under_its_question() -> None:
    sheet = {"uses": "To study ports.\n\n- not wars", "compensation": "20 an hour."}
    assert sections(make({"card": {"datasheet": sheet}}))["Datasheet"] == (
        """

After Gebru et al. (2021), Datasheets for Datasets.

**What were annotators paid?**

20 an hour.

**What is it meant for, and what must it not be used for?**

To study ports.

- not wars

Not stated: motivation, funding, selection, consent, training, review, distribution, maintenance.

"""
    )


def test_every_field_of_the_datasheet_has_a_question() -> None:
    assert list(QUESTIONS) == list(Datasheet.model_fields)
    found = sections(make({"card": {"datasheet": dict.fromkeys(QUESTIONS, "Stated.")}}))["Datasheet"]
    assert found.endswith("Stated.\n\nEvery field was stated.\n\n")


MASKED = "E-mail addresses and phone numbers are masked wherever the dataset would have them, in comments too."


@pytest.mark.parametrize(
    ("dataset", "personal"),
    [
        (
            {},
            " Their comments are as written.\n"
            "Persons named in the articles, their addresses and numbers too, are as written.",
        ),
        ({"scrub": True}, f"\n{MASKED}\nPersons named in the articles are named as they were."),
        ({"texts": False}, " Their comments are as written.\nThe articles' texts are not here."),
        ({"texts": False, "scrub": True}, f"\n{MASKED}\nThe articles' texts are not here."),
    ],
)
def test_what_became_of_the_texts_is_said(dataset: dict[str, Any], personal: str) -> None:
    found = sections(make({"dataset": dataset}))
    assert found["Personal data"] == (
        f"\n\nAnnotators appear under pseudonyms, without the hours at which they worked.{personal}\n\n"
    )
    withheld = not dataset.get("texts", True)
    assert ("goldwire labels rehydrate DATASET ARTICLES -o DIR" in found["Contents"]) == withheld
    assert ("the unit's own `text`" in found["Contents"]) == (not withheld)
    assert ("masked letter by letter" in found["Contents"]) == dataset.get("scrub", False)


def test_columns_are_explained_where_they_are_there() -> None:
    found = sections(make({"splits": {"folds": 3}}))["Contents"]
    lines = found[found.index("- `start`") :].splitlines()
    assert lines[2:8] == [
        "- `labels` are in the words of the scheme. In the configs `gold-...` a question is a column of label "
        "classes in scheme",
        "  order, null where unresolved. `..._soft` is the share of the",
        "  votes that gave each, in the same order, null where nobody voted.",
        "- `annotation_ids` and `rounds` say on which answers a decision rests: those of `votes` with that "
        "`annotation_id` and `round`.",
        "- `fold` is the part for cross-validation, null in test.",
        "- `attributes` and `meta` are JSON objects. An id (`unit_id`, `article_id`, `mention_id`) means the same in "
        "all configs.",
    ]
    assert "- `fold` is the part for cross-validation; here it is null, for none was asked for.\n" in make()


def test_probabilities_of_a_model_are_explained_where_there_are_any() -> None:
    data = rows()
    place = data["gold"].column_names.index("posterior")
    kind = data["gold"].schema.field("posterior").type
    shares = [[{"label": "favor", "share": 1.0}], *[None] * (data["gold"].num_rows - 1)]
    data["gold"] = data["gold"].set_column(place, "posterior", pa.array(shares, kind))
    assert "; `..._posterior` is the probability that the model gave each.\n" in make(data=data)
    assert "_posterior" not in make()
