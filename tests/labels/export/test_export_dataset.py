"""A dataset in other forms: what stands in JSON lines, in CSV, and in tokens with tags."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.export import conll, lines, sheets
from goldwire.study import Params
from small_dataset import build, span, study


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("small") / "dataset").folder


def test_a_line_holds_a_unit_with_its_gold_spans_and_relations(dataset: Path, tmp_path: Path) -> None:
    assert lines.write(dataset, tmp_path) == {"validation.jsonl": 1, "train.jsonl": 7, "test.jsonl": 2}
    (found,) = [
        unit
        for unit in map(json.loads, (tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines())
        if unit["unit_id"] == "a0/document"
    ]
    whole = {"n_votes": 2, "tied": False, "decided_by": "unanimous"}
    met = {"scheme": "event-small", "layer": "trigger", "mention_id": "m0-1", "start": 20, "end": 23, "text": "met"}
    assert found == {
        "unit_id": "a0/document",
        "article_id": "a0",
        "split": "train",
        "kind": "document",
        "text": "Title 0 👩‍👧\n\nOmar 🎈 met Айша.",
        "gold": {
            "event-small": {
                "contexts": {
                    "labels": ["war/sea", "trade"],
                    **whole,
                    "distribution": [{"label": "war/sea", "share": 1.0}, {"label": "trade", "share": 1.0}],
                },
                "main": {"labels": ["MEET"], **whole, "distribution": [{"label": "MEET", "share": 1.0}]},
            }
        },
        "mentions": [
            {**met, "label": "MEET", "attributes": '{"flags":["historical"],"mode":["visit"]}'},
            {
                "scheme": "event-small",
                "layer": "participant",
                "mention_id": "m0-2",
                "start": 24,
                "end": 28,
                "text": "Айша",
                "label": "participant",
            },
        ],
        "relations": [{"scheme": "event-small", "relation_id": "r1", "from": "m0-1", "to": "m0-2", "label": "actor"}],
    }


def test_sheets_have_labels_by_name(dataset: Path, tmp_path: Path) -> None:
    written = sheets.write(dataset, tmp_path)
    assert written["gold-event-small.csv"] == 6
    assert sorted(written) == sorted(path.name for path in tmp_path.iterdir())
    with (tmp_path / "gold-event-small.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["unit_id"]: (row["main"], row["contexts"]) for row in csv.DictReader(stream)}
    assert rows == {
        "a0/document": ("MEET", '["war/sea", "trade"]'),
        "a1/document": ("MEET", '["war"]'),
        "a2/document": ("HIT", "[]"),
        "a3/document": ("", ""),
        "a4/document": ("none", '["trade"]'),
        "a5/document": ("HIT", "[]"),
    }


def test_tokens_have_a_tag_for_each_layer(dataset: Path, tmp_path: Path) -> None:
    written = conll.write(dataset, tmp_path)
    assert written == conll.Written(
        {"event-small.test.conll": 1, "event-small.train.conll": 4, "event-small.validation.conll": 1}, []
    )
    assert (tmp_path / "event-small.test.conll").read_text(encoding="utf-8") == (
        "# columns = token start end participant trigger\n\n"
        "# unit_id = a3/document\n"
        "Title\t0\t5\tO\tO\n3\t6\t7\tO\tO\n👩\u200d👧\t8\t11\tO\tO\n"
        "Ça\t13\t15\tO\tO\nva\t16\t18\tO\tO\n:\t18\t19\tO\tO\nthey\t20\t24\tO\tO\n"
        "met\t25\t28\tO\tB-MEET\n.\t28\t29\tO\tO\n"
    )


def test_of_two_spans_that_overlap_in_a_layer_the_longer_is_kept_and_the_other_named(tmp_path: Path) -> None:
    text = study()["articles"]["text"][0].as_py()
    start = text.index("Omar")
    long = span(0, "long", start, "Omar 🎈 met", "trigger", "MEET", None)
    inner = span(0, "inner", text.index("met"), "met", "trigger", "HIT", None)
    spans = tables.build("gold_mentions", [inner, long])
    none = tables.build("gold_relations", [])
    folder = build(tmp_path / "dataset", gold_mentions=spans, gold_relations=none).folder
    written = conll.write(folder, tmp_path / "out")
    assert written.untagged == ["inner"]
    tagged = (tmp_path / "out" / "event-small.train.conll").read_text(encoding="utf-8").split("\n\n")[1]
    tags = [line.split("\t")[3] for line in tagged.splitlines()[1:]]
    assert [tag for tag in tags if tag != "O"] == ["B-MEET", "I-MEET", "I-MEET"]


def test_a_scheme_without_spans_is_named(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        conll.write(dataset, tmp_path, "stance-small")
    assert caught.value.message == "there are no spans of stance-small. It has spans of: event-small."


def test_what_is_no_dataset_says_how_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        lines.write(tmp_path, tmp_path / "out")
    assert (caught.value.message, caught.value.hint) == (
        "no dataset is here",
        "Make it with: goldwire labels dataset",
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("spans", "tags", "lost"),
    [
        ([(0, 2, "X"), (3, 5, "X")], ["B-X", "B-X", "O"], []),
        ([(0, 8, "X"), (3, 5, "Y")], ["B-X", "I-X", "I-X"], ["1"]),
        ([(0, 1, "X"), (1, 2, "Y")], ["B-X", "O", "O"], ["1"]),
        ([(4, 7, "X")], ["O", "B-X", "I-X"], []),
        ([(3, 3, "X"), (2, 3, "Y"), (50, 60, "Z")], ["O", "O", "O"], ["0", "1", "2"]),
        ([(0, 2, "Armed\tclash\n at  sea")], ["B-Armed_clash_at_sea", "O", "O"], []),
    ],
)
@pytest.mark.parametrize("offset", [None, 7])
def test_tags_of_spans_that_touch_nest_cut_tokens_or_hold_none(
    spans: list[tuple[int, int, str]], tags: list[str], lost: list[str], offset: int | None
) -> None:
    at = offset or 0
    marked = [
        {"mention_id": str(i), "start": at + start, "end": at + end, "label": label, "question": "layer"}
        for i, (start, end, label) in enumerate(spans)
    ]
    rows, untagged = conll._tagged({"unit_id": "u", "start": offset, "text": "ab cd ef"}, marked, ["layer"])
    assert [row.split("\t") for row in rows] == [
        [token, str(at + start), str(at + start + 2), tag]
        for token, start, tag in zip(("ab", "cd", "ef"), (0, 3, 6), tags, strict=True)
    ]
    assert sorted(untagged) == lost


def test_a_dataset_without_texts_says_how_they_are_filled_in(tmp_path: Path) -> None:
    params = Params.model_validate({"dataset": {"texts": False}})
    dataset = build(tmp_path / "dataset", params=params).folder
    with pytest.raises(GoldwireError) as caught:
        conll.write(dataset, tmp_path / "out")
    assert caught.value.message == "the dataset has no texts, so there are no tokens"
    assert sum(lines.write(dataset, tmp_path / "out").values()) == 10
    assert "text" not in json.loads((tmp_path / "out" / "test.jsonl").read_text(encoding="utf-8").splitlines()[0])


@settings(max_examples=60, deadline=None)
@given(text=st.text("ab ,.é'漢क\u093f\n", max_size=30), data=st.data())
def test_every_span_on_token_borders_comes_back_from_its_tags(text: str, data: Any) -> None:
    """Reading the tags again gives the spans: same label, same borders."""
    tokens = conll.tokenised(text)
    assert "".join(text[start:end] for start, end in tokens) == "".join(text.split())
    wanted, at = [], 0
    while at < len(tokens):
        size = data.draw(st.integers(0, 3))
        if size and at + size <= len(tokens):
            wanted.append((tokens[at][0], tokens[at + size - 1][1], data.draw(st.sampled_from("XY"))))
        at += max(size, 1)
    spans = [
        {"mention_id": str(i), "start": s, "end": e, "label": label, "question": "layer"}
        for i, (s, e, label) in enumerate(wanted)
    ]
    rows, lost = conll._tagged({"unit_id": "u", "start": None, "text": text}, spans, ["layer"])
    assert lost == []
    found: list[tuple[int, int, str]] = []
    for row in rows:
        _, start, end, tag = row.split("\t")
        if tag.startswith("B-"):
            found.append((int(start), int(end), tag[2:]))
        elif tag.startswith("I-"):
            found[-1] = (found[-1][0], int(end), tag[2:])
    assert found == sorted(wanted)
