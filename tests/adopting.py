"""A project that goldwire did not make, and what became of it. Texts were written for these tests."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.files import read_jsonl
from goldwire.labels import parts, rounds
from goldwire.labels.fold import Folded, fold, typed
from goldwire.labels.foreign.adopt import Adopted, adopt
from goldwire.labels.foreign.tasks import of_round
from goldwire.study import Study

CONFIG = """<View>
  <Header value="Who is praised?"/>
  <Labels name="who" toName="doc"><Label value="Person"/><Label value="Place" alias="LOC"/></Labels>
  <Text name="doc" value="$body"/>
  <Choices name="tone-1" toName="doc" required="true"><Choice value="warm"/><Choice value="cold"/></Choices>
  <Taxonomy name="topic" toName="doc"><Choice value="Trade/tariffs"><Choice value="Ports"/></Choice></Taxonomy>
  <Rating name="sure" toName="doc" perRegion="true" whenLabelValue="Place" maxRating="3"/>
  <TextArea name="comment" toName="doc"/>
  <DateTime name="when" toName="doc"/>
  <Relations><Relation value="lives in"/></Relations>
</View>"""
TEXTS = [
    "  Mira Tolven praised Calder Bay. ",
    "😀 Two lines\r\nwith Mira Tolven\r\n\r\nand Calder Bay 👩‍👩‍👧 at the end",
    "Cafe\u0301 Ondria, composed Café, ﬁrst of Calder Bay; \u2028 and \u00a0 spaces\ufeff",
    "قالت الوزيرة إنها «لن تستقيل» اليوم في Calder Bay",
]


def made_study(root: Path) -> Study:
    root.mkdir()
    (root / "params.yaml").write_text("seed: 0\n", encoding="utf-8")
    return Study(root)


def own_stories(articles: pa.Table) -> list[str]:
    """Every article a story of its own, but for those that have one."""
    columns = (articles[name].to_pylist() for name in ("article_id", "story_id"))
    return [story or article for article, story in zip(*columns, strict=True)]


def task(number: int, text: Any, **data: Any) -> dict[str, Any]:
    return {"id": number, "data": {"body": text, **data}, "annotations": [], "project": 7}


def adopted(study: Study, tasks: Iterable[dict[str, Any]], config: str = CONFIG, **options: Any) -> Adopted:
    return adopt(study, "old", config, "News of 2019", tasks, stories=own_stories, **{"project": 7, **options})


def lines(study: Study) -> list[dict[str, Any]]:
    return [line for _, line in read_jsonl(study.rounds / "old" / "tasks.jsonl")]


def articles(study: Study) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = study.read("articles").to_pylist()
    return rows


def results(text: str, tone: str = "warm", *, stars: int = 2) -> list[dict[str, Any]]:
    """What a page with CONFIG sends."""
    bay = text.index("Calder Bay")
    spans = [("r2", bay, bay + 10, "LOC")]
    if "Mira" in text:
        spans.insert(0, ("r1", text.index("Mira"), text.index("Mira") + 11, "Person"))
    items = [
        item(region, "who", "labels", {"start": a, "end": b, "text": text[a:b], "labels": [label]})
        for region, a, b, label in spans
    ]
    items.append(item("r2", "sure", "rating", {"start": bay, "end": bay + 10, "rating": stars}))
    items.append(item("q1", "tone-1", "choices", {"choices": [tone]}))
    items.append(item("q2", "topic", "taxonomy", {"taxonomy": [["Trade/tariffs", "Ports"]]}))
    items.append(item("q3", "comment", "textarea", {"text": ["as told"]}))
    items.append(item("q4", "when", "datetime", {"datetime": "2019-05-04"}))
    if len(spans) > 1:
        link = {"from_id": "r1", "to_id": "r2", "type": "relation", "direction": "right", "labels": ["lives in"]}
        items.append(link)
    return items


def item(region: str, name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": region, "from_name": name, "to_name": "doc", "type": kind, "value": value}


def annotation(number: int, result: list[dict[str, Any]], who: str = "annotator-01") -> dict[str, Any]:
    return {"id": number, "result": result, "completed_by": {"pseudonym": who}, "created_at": "2026-01-02T03:04:05Z"}


def fold_old(study: Study, state: Sequence[dict[str, Any]]) -> tuple[Folded, list[str]]:
    """Fold the round from the tasks of its parts, and return what its reader remarked, too."""
    folder = study.rounds / "old"
    round_ = rounds.read(folder)
    scheme = rounds.scheme_of(study, round_)
    texts = {row["article_id"]: row["text"] for row in articles(study)}
    reader = of_round(study, round_, scheme, texts)
    assert reader is not None
    prepared = [reader.prepare(one) for one in state]
    lines = (json.dumps(one).encode() for one in state)
    assert [reader.task(line) for line in lines] == [typed.of(one) for one in prepared]
    folded = fold(prepared, round_, scheme, rounds.tasks(folder), texts)
    return folded, [*reader.notes(), *(remark for found in reader.remarks.values() for remark in found)]


def pulled(study: Study) -> list[dict[str, Any]]:
    folder = study.rounds / "old" / "pulls"
    return list(parts.state(parts.read(path) for path in parts.listing(folder)).values())
