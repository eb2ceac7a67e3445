"""Tasks, and rounds as they are made and grow."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.naming import Target
from goldwire.labels.tasks import make_tasks, write_round
from goldwire.labels.units import documents, hash_of, targets
from goldwire.scheme import Scheme, load, shipped_text
from goldwire.study import Study


def articles(*ids: str, text: str = "Title 🛬\n\nBody of {}.") -> pa.Table:
    rows = [{"article_id": key, "title": "Title 🛬", "text": text.format(key)} for key in ids]
    return tables.build("articles", rows)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture
def scheme() -> Scheme:
    return load("event-plover")


def test_a_task_shows_the_text_and_carries_its_unit() -> None:
    known = tables.build(
        "articles",
        [
            {
                "article_id": "a",
                "title": "Title",
                "text": "Title\n\nRussia 🛬.",
                "outlet": "Courier",
                "published_at": datetime(2025, 3, 14, 23, 20, tzinfo=UTC),
            },
            {"article_id": "b", "text": "Russia."},
        ],
    )
    units = targets(known, [Target("Russia", ("Moscow",))])
    unit_of = {unit["article_id"]: unit for unit in units.to_pylist()}
    data = {"target": "Russia", "holder": "author"}
    assert make_tasks(known, units) == [
        {
            "data": {
                "unit_id": unit_of["a"]["unit_id"],
                "title": "Title",
                "text": "Title\n\nRussia 🛬.",
                "outlet": "Courier",
                "date": "2025-03-14",
                **data,
            },
            "meta": unit_of["a"],
        },
        {
            "data": {
                "unit_id": unit_of["b"]["unit_id"],
                "title": "",
                "text": "Russia.",
                "outlet": "",
                "date": "",
                **data,
            },
            "meta": unit_of["b"],
        },
    ]


def test_a_part_of_an_article_shows_that_part() -> None:
    unit = {"unit_id": "a/sentence/9-16", "article_id": "a", "kind": "sentence", "start": 9, "end": 16}
    (task,) = make_tasks(articles("a"), tables.build("units", [unit]))
    assert task["data"]["text"] == "Body of"
    assert (task["data"]["before"], task["data"]["after"]) == ("Title 🛬", "a.")


def test_a_unit_without_its_article_is_named() -> None:
    with pytest.raises(GoldwireError, match='unit b/document: there is no article "b"'):
        make_tasks(articles("a"), documents(articles("b")))


def test_a_round_has_its_scheme_its_tasks_and_a_mark_of_its_own(study: Study, scheme: Scheme) -> None:
    known = articles("a", "b", "c", "d")
    assert write_round(study, "r1", scheme, known, documents(known), overlap=3, blind=True, seed=7) == 4
    folder = study.rounds / "r1"
    made = rounds.read(folder)
    assert made.model_dump(exclude_defaults=True) == {
        "round": "r1",
        "id": made.id,
        "scheme": "event-plover",
        "scheme_version": scheme.version,
        "scheme_hash": scheme.hash,
        "overlap": 3,
        "blind": True,
        "seed": 7,
    }
    assert (study.schemes / "event-plover.yaml").read_text(encoding="utf-8") == shipped_text("event-plover")
    lines = [json.loads(line) for line in (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(lines, key=lambda task: task["data"]["unit_id"]) == make_tasks(known, documents(known))
    assert "🛬" in (folder / "tasks.jsonl").read_text(encoding="utf-8")
    write_round(study, "r2", scheme, known, documents(known))
    assert rounds.read(study.rounds / "r2").id != made.id


def test_the_order_of_the_tasks_comes_from_the_seed(study: Study, scheme: Scheme) -> None:
    known = articles(*(f"a{number}" for number in range(10)))
    orders = {}
    for name, seed in (("r1", 0), ("r2", 0), ("r3", 1)):
        write_round(study, name, scheme, known, documents(known), seed=seed)
        orders[name] = [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / name)]
    assert orders["r1"] == orders["r2"] != orders["r3"]
    assert set(orders["r1"]) == set(orders["r3"]) == {f"a{number}/document" for number in range(10)}
    assert orders["r1"] != sorted(orders["r1"])


def test_a_round_grows_and_keeps_what_it_has(study: Study, scheme: Scheme) -> None:
    write_round(study, "r", scheme, articles("a", "b"), documents(articles("a", "b")))
    before = snapshot(study.root)
    everything = articles("a", "b", "c")
    assert write_round(study, "r", scheme, articles("b"), documents(articles("b"))) == 2
    assert snapshot(study.root) == before
    assert write_round(study, "r", scheme, everything, documents(everything)) == 3
    after = snapshot(study.root)
    tasks = "labels/rounds/r/tasks.jsonl"
    assert after[tasks].startswith(before[tasks])
    assert {**after, tasks: b""} == {**before, tasks: b""}


def drawn(**probabilities: float) -> pa.Table:
    return articles(*probabilities).append_column("probability", pa.array(probabilities.values(), pa.float64()))


def test_a_larger_sample_adds_to_a_round_and_raises_the_probabilities_of_what_it_has(
    study: Study, scheme: Scheme
) -> None:
    def probabilities() -> dict[str, float]:
        return {task["meta"]["article_id"]: task["meta"]["probability"] for task in before()}

    def before() -> list[dict[str, Any]]:
        return rounds.tasks(study.rounds / "r")

    small, large = drawn(a=0.25, b=0.5), drawn(a=0.5, b=1.0, c=0.5)
    write_round(study, "r", scheme, small, documents(small))
    first = before()
    assert write_round(study, "r", scheme, large, documents(large)) == 3
    assert probabilities() == {"a": 0.5, "b": 1.0, "c": 0.5}
    for old, new in zip(first, before(), strict=False):  # in the same places, and in all else the same
        assert {**new, "meta": {**new["meta"], "probability": old["meta"]["probability"]}} == old
    state = snapshot(study.root)
    again = drawn(c=0.125, a=0.25)  # a smaller sample than the round has
    for asked in (small, again, large):
        assert write_round(study, "r", scheme, asked, documents(asked)) == 3
        assert snapshot(study.root) == state
    whole = articles("a", "b", "c")
    assert write_round(study, "r", scheme, whole, documents(whole)) == 3
    assert probabilities() == {"a": 1.0, "b": 1.0, "c": 1.0}


def test_a_probability_that_was_not_known_is_taken_over(study: Study, scheme: Scheme) -> None:
    unknown = documents(articles("a")).drop_columns(["probability"])
    units = tables.build("units", unknown.to_pylist())
    write_round(study, "r", scheme, articles("a"), units)
    assert rounds.tasks(study.rounds / "r")[0]["meta"]["probability"] is None
    sample = drawn(a=0.25)
    write_round(study, "r", scheme, sample, documents(sample))
    state = snapshot(study.root)
    assert rounds.tasks(study.rounds / "r")[0]["meta"]["probability"] == 0.25
    write_round(study, "r", scheme, articles("a"), units)
    assert snapshot(study.root) == state


def test_a_round_refuses_what_does_not_belong_to_it_and_stays_as_it_was(study: Study, scheme: Scheme) -> None:
    known = articles("a")
    write_round(study, "r", scheme, known, documents(known), overlap=3)
    before = snapshot(study.root)
    stance = load("stance-target")
    about = targets(articles("a", text="Russia."), [Target("Russia")])
    other = articles("a", text="Other.")
    changed = scheme.model_copy(update={"title": "Other"})
    cases = [
        (
            lambda: write_round(study, "r", stance, articles("a", text="Russia."), about, overlap=3),
            f"round r: the round is there with another scheme: event-plover {scheme.version} ({scheme.hash})",
            "Choose another name for the round: answers to different schemes do not mix.",
        ),
        (
            lambda: write_round(study, "r", changed, known, documents(known), overlap=3),
            f"round r: the round is there with another state of its scheme: event-plover {scheme.version} "
            f"({scheme.hash})",
            "Choose another name for the round: answers to different schemes do not mix.",
        ),
        (
            lambda: write_round(study, "r", scheme, known, documents(known)),
            "round r: the round is there with overlap: 3",
            "Give --overlap 3.",
        ),
        (
            lambda: write_round(study, "r", scheme, known, documents(known), overlap=3, blind=True),
            "round r: the round is there with blind: false",
            "Give no --blind.",
        ),
        (
            lambda: write_round(study, "r", scheme, other, documents(other), overlap=3),
            "round r: the text of unit a/document has changed since it was put into the round",
            "Its answers are to the old text. Make another round for the new one.",
        ),
        (
            lambda: write_round(study, "new", stance, known, documents(known)),
            "scheme stance-target: the scheme asks about a target, and the units are of the kind document",
            "Name targets with --target NAME or --target-list FILE, or pairs with --pairs FILE.",
        ),
        (
            lambda: write_round(study, "new", scheme, articles("a", text="Russia."), about),
            "scheme event-plover: the scheme asks about a document, and the units are of the kind target",
            "Leave --target and --pairs out, or choose another scheme.",
        ),
        (
            lambda: write_round(study, "new", stance, known, targets(known, [Target("Russia")])),
            "scheme stance-target: there is not one unit to ask about",
            "For a scheme about targets, name one that the articles speak of.",
        ),
        (
            lambda: write_round(study, "new", changed, known, documents(known)),
            f"{study.schemes / 'event-plover.yaml'}: event-plover is another scheme there: {scheme.version} "
            f"({scheme.hash}), not {scheme.version} ({changed.hash})",
            "Give one of the two another name.",
        ),
        (
            lambda: write_round(study, "new", scheme.model_copy(update={"name": "own"}), known, documents(known)),
            f"{study.schemes / 'own.yaml'}: the scheme own is not in the study",
            "Copy its file there first.",
        ),
        (
            lambda: write_round(study, "../r", scheme, known, documents(known)),
            "round ../r: round: String should match pattern '^[A-Za-z0-9][A-Za-z0-9._-]*$'",
            "A name is letters, digits, . _ and -",
        ),
    ]
    for call, message, hint in cases:
        with pytest.raises(GoldwireError) as caught:
            call()
        assert (str(caught.value), caught.value.hint) == (message, hint)
        assert snapshot(study.root) == before


def test_a_scheme_of_ones_own_stays_where_it_is(study: Study) -> None:
    text = shipped_text("event-plover").replace("name: event-plover", "name: own", 1)
    study.schemes.mkdir(parents=True)
    (study.schemes / "own.yaml").write_text(text, encoding="utf-8")
    known = articles("a")
    write_round(study, "r", load("own", study.schemes), known, documents(known))
    assert sorted(snapshot(study.root)) == [
        "labels/rounds/r/round.yaml",
        "labels/rounds/r/scheme.yaml",
        "labels/rounds/r/tasks.jsonl",
        "labels/schemes/own.yaml",
    ]
    assert (study.rounds / "r" / "scheme.yaml").read_text(encoding="utf-8") == text


def test_the_hash_of_a_unit_is_that_of_the_text_shown(study: Study, scheme: Scheme) -> None:
    known = articles("a")
    write_round(study, "r", scheme, known, documents(known))
    (task,) = rounds.tasks(study.rounds / "r")
    assert task["meta"]["content_hash"] == hash_of(task["data"]["text"])
