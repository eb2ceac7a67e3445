"""The dataset folder loads as intended, holds what the tables hold, and is the same for the same rows."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.dataset import Dataset, build_dataset, digest_of
from goldwire.labels.features import label_names
from goldwire.scheme import Scheme, parse
from goldwire.study import Params

EVENTS = """
name: event-small
version: 1.0.0
title: Events
description: What happened.
unit: document
questions:
  - name: main
    text: What is the main event
    labels:
      - {name: MEET, definition: They meet.}
      - {name: HIT, definition: They fight.}
      - {name: none, definition: Nothing happens., role: negative}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: contexts
    text: What is it about
    type: tree
    required: false
    labels:
      - {name: war, definition: War., children: [{name: sea, definition: At sea.}]}
      - {name: trade, definition: Trade.}
mentions:
  - name: trigger
    text: Mark events
    kind: event
    labels: [{name: MEET, definition: They meet.}, {name: HIT, definition: They fight.}]
  - name: participant
    text: Mark participants
    kind: entity
    labels: [{name: participant, definition: Who.}]
relations:
  - {name: actor, definition: Who does it., from: [MEET, HIT], to: [participant]}
"""
STANCE = """
name: stance-small
version: 1.1.0
title: Stance
description: Who is for whom.
unit: target
questions:
  - name: stance
    text: For or against
    labels:
      - {name: favor, definition: For it.}
      - {name: against, definition: Against it.}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: strength
    text: How strongly
    type: ordinal
    labels: [{name: "1", definition: A bit.}, {name: "2", definition: A lot.}]
  - name: frames
    text: Framed how
    type: multiple
    required: false
    labels: [{name: money, definition: Money.}, {name: law, definition: Law.}]
  - {name: why, text: Say why, type: text, required: false}
  - name: language
    text: In which words
    labels: [{name: plain, definition: Plain.}, {name: coarse, definition: Coarse.}]
"""
SCHEMES = [parse(EVENTS, "event-small.yaml"), parse(STANCE, "stance-small.yaml")]
BODIES = ["Omar 🎈 met Айша.", "حضر عمر الاجتماع ثم met her.", "They hit the 🚢 harbour.", "Ça va: they met."]
SPLIT_OF = ["train", "train", "train", "test", "validation", "train", None]


def study() -> dict[str, pa.Table]:
    """Return the tables of eight articles: six in splits, one left out (a6), one without units (a7)."""
    texts = [f"Title {i} 👩‍👧\n\n{BODIES[i % 4]}" for i in range(8)]
    articles = [
        {
            "article_id": f"a{i}",
            "content_hash": f"h{i}",
            "title": f"Title {i} 👩‍👧",
            "text": text,
            "body_start": text.index("\n\n") + 2,
            "outlet": "Курьер | East" if i % 2 else None,
            "published_at": datetime(2024, 5, 1 + i, tzinfo=UTC),
            "language": "en" if i != 1 else "ar",
            "story_id": f"s{i}" if i != 7 else "s3",
        }
        for i, text in enumerate(texts)
    ]
    documents = [{"unit_id": f"a{i}/document", "article_id": f"a{i}", "kind": "document"} for i in range(7)]
    targets = [
        {"unit_id": f"a{i}/target/00", "article_id": f"a{i}", "kind": "target", "target": "порт", "holder": "author"}
        for i in range(4)
    ]
    part = {"unit_id": "a0/sentence/9-13", "article_id": "a0", "kind": "sentence", "start": 9, "end": 13}
    units = [*documents, *targets, part]
    main = ["MEET", "MEET", "HIT", None, "none", "HIT", "MEET"]
    contexts: list[list[str] | None] = [["war/sea", "trade"], ["war"], [], None, ["trade"], [], []]
    gold = [answer(0, u["unit_id"], "main", [x] if x else None) for u, x in zip(documents, main, strict=True)]
    gold += [answer(0, u["unit_id"], "contexts", x) for u, x in zip(documents, contexts, strict=True)]
    gold[10]["labels"] = []  # so gold writes what is unresolved
    for i, unit in enumerate(targets):
        gold.append(answer(1, unit["unit_id"], "stance", ["against" if i % 2 else "favor"]))
        gold.append(answer(1, unit["unit_id"], "strength", ["2"]))
        gold.append(answer(1, unit["unit_id"], "frames", [["law", "money"], []][i % 2]))
        gold.append(answer(1, unit["unit_id"], "language", ["plain"]))
    gold.append(answer(1, "a0/target/00", "why", None, value="weil’s 🎈 ist"))
    mentions, relations = [], []
    for i in (0, 3):
        start = texts[i].index("met")
        mentions.append(
            span(i, f"m{i}-1", start, "met", "trigger", "MEET", '{"flags":["historical"],"mode":["visit"]}')
        )
    mentions.append(span(0, "m0-2", texts[0].index("Айша"), "Айша", "participant", "participant", None))
    relations.append(
        {**key(0, "a0/document", "relation"), "relation_id": "r1", "from": "m0-1", "to": "m0-2", "label": "actor"}
    )
    return {
        "articles": tables.build("articles", articles),
        "units": tables.build("units", units),
        "votes": tables.build("votes", list(votes())),
        "gold": tables.build("gold", gold),
        "gold_mentions": tables.build("gold_mentions", mentions),
        "gold_relations": tables.build("gold_relations", relations),
        "splits": tables.build(
            "splits", [{"unit_id": u["unit_id"], "split": SPLIT_OF[int(u["article_id"][1])]} for u in units]
        ),
    }


def key(scheme: int, unit: Any, question: str | None) -> dict[str, Any]:
    return {
        "scheme": SCHEMES[scheme].name,
        "scheme_hash": SCHEMES[scheme].hash,
        "unit_id": unit,
        "question": question,
    }


def answer(
    scheme: int, unit: Any, question: str, labels: list[str] | None, value: str | None = None
) -> dict[str, Any]:
    resolved = labels is not None or value is not None
    return {
        **key(scheme, unit, question),
        "labels": labels,
        "value": value,
        "decided_by": "unanimous" if resolved else "unresolved",
        "n_votes": 2,
        "tied": not resolved,
        "distribution": [{"label": label, "share": 1.0} for label in labels or []],
    }


def span(i: int, id_: str, start: int, text: str, layer: str, label: str, attributes: str | None) -> dict[str, Any]:
    return {
        **key(0, f"a{i}/document", layer),
        "mention_id": id_,
        "start": start,
        "end": start + len(text),
        "text": text,
        "label": label,
        "attributes": attributes,
        "decided_by": "majority",
        "n_votes": 2,
    }


def votes() -> Any:
    for i in range(7):
        for n, name in enumerate(["annotator-1", "annotator-2"]):
            yield {
                **key(0, f"a{i}/document", "main"),
                "labels": ["unsure" if i == 3 and n else "MEET"],
                "round": "first",
                "annotator": name,
                "annotation_id": f"{100 * i + n}",
                "status": "submitted",
                "counts": True,
                "ground_truth": False,
                "created": datetime(2024, 6, 1, 22, i, tzinfo=UTC),
                "updated": datetime(2024, 6, 1, 23, i, tzinfo=UTC),
                "lead_time_s": 12.5,
            }
    other = {"round": "first", "annotator": "annotator-2", "counts": False}
    yield {**key(0, "a0/document", "main"), **other, "labels": ["HIT"], "annotation_id": "900", "status": "draft"}
    yield {**key(0, "a1/document", "main"), **other, "labels": ["HIT"], "annotation_id": "901", "status": "deleted"}
    yield {
        **key(0, "a2/document", None),
        **other,
        "annotation_id": "902",
        "status": "skipped",
        "comment": "⚠️ cut off",
    }


def build(folder: Path, schemes: list[Scheme] = SCHEMES, params: Params | None = None, **changed: Any) -> Dataset:
    return build_dataset(folder, schemes=schemes, params=params or Params(), **{**study(), **changed})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build(tmp_path_factory.mktemp("study") / "labels" / "dataset")


@pytest.fixture
def load(built: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Load a config offline, as a stranger would."""
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)

    def load(name: str | None = None, folder: Path = built.folder, **more: Any) -> Any:
        return datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"), **more)

    return load


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_every_config_has_a_file_for_every_split(built: Dataset) -> None:
    names = ["articles", "events", "gold", "gold-event-small", "gold-stance-small", "mentions", "relations", "votes"]
    files = {f"{name}/{split}.parquet" for name in names for split in ("train", "validation", "test")}
    assert contents(built.folder).keys() == files | {"README.md", "articles/unassigned.parquet"}
    assert built.rows == {
        "gold": {"train": 8 + 13, "validation": 2, "test": 2 + 4},
        "gold-event-small": {"train": 4, "validation": 1, "test": 1},
        "gold-stance-small": {"train": 3, "validation": 0, "test": 1},
        "votes": {"train": 9, "validation": 2, "test": 2},
        "mentions": {"train": 2, "validation": 0, "test": 1},
        "relations": {"train": 1, "validation": 0, "test": 0},
        "events": {"train": 1, "validation": 0, "test": 1},
        "articles": {"train": 4, "validation": 1, "test": 2, "unassigned": 1},
    }


def test_the_default_config_is_gold(load: Any) -> None:
    loaded = load()
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 21, "validation": 2, "test": 6}
    row = next(row for row in loaded["train"] if (row["unit_id"], row["question"]) == ("a0/document", "contexts"))
    assert row == {
        "unit_id": "a0/document",
        "article_id": "a0",
        "scheme": "event-small",
        "scheme_hash": SCHEMES[0].hash,
        "question": "contexts",
        "labels": ["war/sea", "trade"],
        "value": None,
        "decided_by": "unanimous",
        "n_votes": 2,
        "tied": False,
        "distribution": [{"label": "war/sea", "share": 1.0}, {"label": "trade", "share": 1.0}],
        "posterior": None,
        "adjudicator": None,
        "reason": None,
        "kind": "document",
        "start": None,
        "end": None,
        "target": None,
        "target_aliases": None,
        "holder": None,
        "probability": None,
        "text": "Title 0 👩‍👧\n\nOmar 🎈 met Айша.",
        "split": "train",
    }


def test_a_stranger_without_network_loads_it(built: Dataset, tmp_path: Path) -> None:
    code = (
        "import sys, datasets\n"
        "rows = datasets.load_dataset(sys.argv[1])\n"
        "wide = datasets.load_dataset(sys.argv[1], 'gold-event-small', split='train')\n"
        "print(rows.num_rows, wide.features['main'].names, wide[2]['main'])"
    )
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", code, str(built.folder)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "{'train': 21, 'validation': 2, 'test': 6} ['MEET', 'HIT', 'none'] 1\n"


def test_questions_are_label_classes_in_scheme_order_without_unsure(load: Any) -> None:
    import datasets

    features = load("gold-event-small")["train"].features
    assert features["main"] == datasets.ClassLabel(names=["MEET", "HIT", "none"])
    assert features["contexts"] == datasets.List(datasets.ClassLabel(names=["war", "war/sea", "trade"]))
    assert features["published_at"] == datasets.Value("timestamp[us, tz=UTC]")
    assert features["main_distribution"] == datasets.List(
        {"label": datasets.Value("string"), "share": datasets.Value("float64")}
    )
    stance = load("gold-stance-small")["train"].features
    assert stance["stance"] == datasets.ClassLabel(names=["favor", "against"])
    assert stance["strength"] == datasets.ClassLabel(names=["1", "2"])
    assert stance["frames"] == datasets.List(datasets.ClassLabel(names=["money", "law"]))
    assert stance["why"] == datasets.Value("string")


def test_a_wide_row_holds_each_answer_and_null_where_unresolved(load: Any) -> None:
    loaded = load("gold-event-small")
    rows = {row["unit_id"]: row for part in loaded.values() for row in part}
    assert {unit: (row["main"], row["contexts"]) for unit, row in rows.items()} == {
        "a0/document": (0, [1, 2]),
        "a1/document": (0, [0]),
        "a2/document": (1, []),
        "a3/document": (None, None),
        "a4/document": (2, [2]),
        "a5/document": (1, []),
    }
    assert rows["a3/document"]["main_decided_by"] == "unresolved"
    assert rows["a1/document"]["text"] == "Title 1 👩‍👧\n\nحضر عمر الاجتماع ثم met her."
    assert rows["a1/document"]["outlet"] == "Курьер | East"
    stance = {row["unit_id"]: row for row in load("gold-stance-small")["train"]}
    assert [stance[f"a{i}/target/00"]["frames"] for i in range(3)] == [[1, 0], [], [1, 0]]
    assert [stance[f"a{i}/target/00"]["why"] for i in range(3)] == ["weil’s 🎈 ist", None, None]
    assert stance["a0/target/00"]["target"] == "порт"


def test_a_question_called_like_a_column_gets_another_name(load: Any) -> None:
    row = load("gold-stance-small")["train"][0]
    assert (row["language"], row["question_language"]) == ("en", 0)


def test_a_config_loads_though_some_of_its_splits_have_no_rows(built: Dataset, load: Any) -> None:
    loaded = load("relations")
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 1}
    assert load("gold-stance-small").keys() == {"train", "test"}
    full, empty = (pq.read_schema(built.folder / "relations" / f"{name}.parquet") for name in ("train", "test"))
    assert full.equals(empty, check_metadata=True)


def test_a_dataset_without_any_rows_streams_with_its_features(tmp_path: Path, load: Any) -> None:
    empty = {name: table.schema.empty_table() for name, table in study().items()}
    result = build(tmp_path / "dataset", **empty)
    assert all(n == 0 for sizes in result.rows.values() for n in sizes.values())
    for name in result.rows:
        streamed = load(name, folder=result.folder, streaming=True)
        assert list(streamed) == ["train"]
        assert list(streamed["train"]) == []
        assert streamed["train"].features == load(name)["train"].features
        for split in ("train", "validation", "test"):
            assert pq.read_table(result.folder / name / f"{split}.parquet").num_rows == 0


def test_configs_stream(load: Any) -> None:
    assert [row["annotation_id"] for row in load("votes", streaming=True)["test"]] == ["300", "301"]


def test_votes_tell_who_but_not_when(load: Any) -> None:
    loaded = load("votes")
    features = loaded["train"].features
    assert not {"created", "updated"} & features.keys()
    ids = [row["annotation_id"] for row in loaded["train"]]
    assert ids == ["0", "1", "100", "101", "200", "201", "902", "500", "501"]
    skipped = loaded["train"][6]
    assert (skipped["labels"], skipped["question"], skipped["comment"]) == (None, None, "⚠️ cut off")
    assert loaded["test"][1]["labels"] == ["unsure"]


def test_an_event_is_a_row_with_its_actor(load: Any) -> None:
    row = load("events")["train"][0]
    found = {name: row[name] for name in ("event_id", "text", "label", "mode", "historical", "actor", "recipient")}
    assert found == {
        "event_id": "m0-1",
        "text": "met",
        "label": "MEET",
        "mode": "visit",
        "historical": True,
        "actor": ["Айша"],
        "recipient": [],
    }


def test_mentions_are_the_text_at_their_place(load: Any) -> None:
    texts = {row["article_id"]: row["text"] for part in load("articles").values() for row in part}
    spans = [row for part in load("mentions").values() for row in part]
    assert len(spans) == 3
    assert all(texts[row["article_id"]][row["start"] : row["end"]] == row["text"] for row in spans)


def test_articles_without_units_have_the_split_of_their_story(load: Any) -> None:
    where = {row["article_id"]: row["split"] for part in load("articles").values() for row in part}
    assert where == {
        "a0": "train", "a1": "train", "a2": "train", "a3": "test", "a4": "validation", "a5": "train",
        "a6": "unassigned", "a7": "test",
    }  # fmt: skip


def test_a_part_of_an_article_has_its_own_text(tmp_path: Path) -> None:
    gold = pa.concat_tables(
        [study()["gold"], tables.build("gold", [answer(0, "a0/sentence/9-13", "main", ["MEET"])])]
    )
    folder = build(tmp_path / "dataset", gold=gold).folder
    rows = pq.read_table(folder / "gold-event-small" / "train.parquet").to_pylist()
    text = study()["articles"]["text"][0].as_py()
    assert {row["unit_id"]: row["text"] for row in rows}["a0/sentence/9-13"] == text[9:13]
    assert {row["unit_id"]: row["contexts"] for row in rows}["a0/sentence/9-13"] is None


def test_pandas_reads_a_config_as_it_is(built: Dataset) -> None:
    import pandas as pd

    frame = pd.read_parquet(built.folder / "gold-event-small" / "train.parquet")
    assert frame["main"].tolist() == [0, 0, 1, 1]


def test_the_same_rows_in_any_order_make_the_same_bytes(built: Dataset, tmp_path: Path) -> None:
    mixed = {}
    for name, table in study().items():
        order = list(range(table.num_rows))
        random.Random(3).shuffle(order)
        mixed[name] = table.take(order)
    again = build(tmp_path / "dataset", schemes=SCHEMES[::-1], **mixed)
    assert contents(again.folder) == contents(built.folder)
    assert (again.digest, again.signature) == (built.digest, built.signature)


def test_the_signature_stands_in_the_card_and_names_the_content(built: Dataset) -> None:
    assert built.digest == digest_of(built.folder)
    card = (built.folder / "README.md").read_text(encoding="utf-8")
    assert built.signature in card
    events, stance = (f"{scheme.name}:{scheme.version}:{scheme.hash}" for scheme in SCHEMES)
    assert built.signature == (
        f"goldwire:0.1.0|dataset:0.1.0|data:{built.digest}|scheme.{events}|scheme.{stance}|seed:0"
    )


def rewrite(path: Path, table: pa.Table, **options: Any) -> None:
    pq.write_table(table, path, **options)


def test_the_digest_is_of_the_content_not_of_the_bytes(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "gold" / "train.parquet"
    table, before = pq.read_table(path), path.read_bytes()
    rewrite(path, table, compression="snappy", row_group_size=3)
    assert path.read_bytes() != before
    assert digest_of(result.folder) == result.digest
    (result.folder / "README.md").write_text("another card", encoding="utf-8")
    assert digest_of(result.folder) == result.digest


def test_the_digest_changes_with_a_value_a_row_and_a_label_name(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "gold-event-small" / "train.parquet"
    table = pq.read_table(path)
    digests = {result.digest}
    at = table.column_names.index("main")
    rewrite(path, table.set_column(at, table.schema.field("main"), pa.array([0, 0, 1, 0])))
    digests.add(digest_of(result.folder))
    rewrite(path, table.slice(1))
    digests.add(digest_of(result.folder))
    info = json.loads(table.schema.metadata[b"huggingface"])
    info["info"]["features"]["main"]["names"] = ["HIT", "MEET", "none"]
    rewrite(path, table.replace_schema_metadata({"huggingface": json.dumps(info)}))
    digests.add(digest_of(result.folder))
    assert len(digests) == 4


def test_a_folder_without_data_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="no dataset is here"):
        digest_of(tmp_path)


def test_a_failed_build_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    folder = build(tmp_path / "dataset").folder
    before = contents(folder)
    wrong = tables.build("gold", [answer(0, "a0/document", "main", ["GONE"])])
    with pytest.raises(GoldwireError):
        build(folder, gold=wrong)
    broken = Params.model_validate({"card": {"title": "x"}}).model_copy(update={"card": None})
    with pytest.raises(AttributeError):  # after the files were written
        build(folder, params=broken)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"gold": tables.build("gold", [answer(0, "a0/document", "main", ["GONE"])])},
            'a0/document: event-small.main: gold has the label "GONE", which is not among: MEET, HIT, none',
        ),
        (
            {"gold": tables.build("gold", [answer(0, "a0/document", "main", ["MEET", "HIT"])])},
            "a0/document: event-small.main: gold has 2 labels, and the question takes one",
        ),
        (
            {"gold": tables.build("gold", [answer(0, "zz/document", "main", ["MEET"])])},
            "1 times the unit is not known: zz/document",
        ),
        (
            {"units": tables.build("units", [{"unit_id": "a0/document", "article_id": "zz"}])},
            "1 times the article is not known: zz",
        ),
        (
            {"gold_mentions": tables.build("gold_mentions", [span(0, "m", 1, "xyz", "trigger", "MEET", None)])},
            'a0:1-4: mention m is "xyz", but article a0 has "itl" there',
        ),
        (
            {"schemes": SCHEMES[:1]},
            "there are answers to a scheme that is not here: stance-small",
        ),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        build(tmp_path / "dataset", **changed)
    assert str(error.value) == message
    assert list(tmp_path.iterdir()) == []


def test_recoded_labels_stand_in_the_place_of_their_first_source(tmp_path: Path) -> None:
    main = SCHEMES[0].questions[0]
    assert label_names(main) == ["MEET", "HIT", "none"]
    assert label_names(main, {"none": "MEET"}) == ["MEET", "HIT"]
    assert label_names(main, {"MEET": "event", "HIT": "event"}) == ["event", "none"]
    assert label_names(main, {"unsure": "none"}) == ["MEET", "HIT", "none"]
    assert label_names(main, {"HIT": "unsure"}) == ["MEET", "none"]
    params = Params(recode={"event-small": {"main": {"MEET": "event", "HIT": "event"}}})
    gold = tables.build(
        "gold", [answer(0, "a0/document", "main", ["event"]), answer(0, "a4/document", "main", ["none"])]
    )
    folder = build(tmp_path / "dataset", gold=gold, params=params).folder
    assert pq.read_table(folder / "gold-event-small" / "train.parquet")["main"].to_pylist() == [0]
    assert pq.read_table(folder / "gold-event-small" / "validation.parquet")["main"].to_pylist() == [1]
