"""Real articles go the whole way: import, tasks, push, an annotator's answers, pull, build, gold, dataset.

The articles are the seed article and 100 of SEESAW. They do not enter the project, so nothing is quoted here but
short spans.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goldwire import studio, template
from goldwire.demo import recorded
from goldwire.labels.interface import controls
from goldwire.labels.server import connect
from goldwire.scheme import load
from goldwire.studio.accounts import sign_up

pytestmark = [pytest.mark.server, pytest.mark.shared]

Row = dict[str, Any]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

PLOVER = load("event-plover")
LABELS = [label.name for label in PLOVER.questions[0].labels if label.role != "unsure"]

PUTIN = "Vladimir Putin"
# id, layer, label, words, the words that stand before them, attributes
SEED = [
    ("visit", "trigger", "CONSULT", "surprise visit", "", {"mode": ["visit"]}),
    ("withdrawal", "trigger", "CONCEDE", "start withdrawing", "", {}),
    ("strikes", "trigger", "ASSAULT", "air strikes", "", {"mode": ["aerial"], "flags": ["historical"]}),
    ("praise", "trigger", "SUPPORT", "thanked", "", {"flags": ["historical"]}),
    ("putin", "participant", "participant", "Russian President Vladimir Putin", "", {"entity": [PUTIN]}),
    ("syria", "participant", "participant", "Syria", "base in ", {}),
    ("base", "participant", "place", "a Russian base", "", {}),
    ("monday", "participant", "date", "Monday morning", "", {}),
    ("his", "participant", "participant", "his", "ordered ", {"entity": [PUTIN]}),
    ("country", "participant", "place", "the war-torn country", "", {}),
    ("russia", "participant", "participant", "Russia", "Since then, ", {}),
    ("snc", "participant", "participant", "Syrian National Coalition", "", {}),
    ("isil", "participant", "participant", "Islamic State of Iraq and the Levant (ISIL)", "", {}),
    ("nusra", "participant", "participant", "al-Nusra Front", "", {}),
    ("november", "participant", "date", "November", "", {}),
    ("assad", "participant", "participant", "Assad", "In November, ", {}),
    ("thanked", "participant", "participant", "Putin", "Assad thanked ", {}),
]
ROLES = [
    ("visit", "actor", "putin"),
    ("visit", "recipient", "syria"),
    ("visit", "place", "base"),
    ("visit", "date", "monday"),
    ("withdrawal", "actor", "his"),
    ("withdrawal", "place", "country"),
    ("strikes", "actor", "russia"),
    ("strikes", "recipient", "snc"),
    ("strikes", "recipient", "isil"),
    ("strikes", "recipient", "nusra"),
    ("praise", "actor", "assad"),
    ("praise", "recipient", "thanked"),
    ("praise", "date", "november"),
]
FLAGS = ("historical", "future", "hypothetical", "negated")
PLAIN, HISTORICAL = (False, False, False, False), (True, False, False, False)
PLAYERS = ("actor", "recipient", "place", "date")
ARMED_GROUPS = ["Syrian National Coalition", "Islamic State of Iraq and the Levant (ISIL)", "al-Nusra Front"]


def mention(name: str, layer: str, label: str, start: int, words: str, attributes: Row) -> Row:
    place = {"start": start, "end": start + len(words), "text": words}
    return {"id": name, "layer": layer, "label": label, **place, "attributes": attributes}


def seed_answer(text: str) -> recorded.Answer:
    found = []
    for name, layer, label, words, before, attributes in SEED:
        start = text.find(before + words)
        assert start >= 0, name
        found.append(mention(name, layer, label, start + len(before), words, attributes))
    links = tuple({"from": trigger, "to": player, "label": role} for trigger, role, player in ROLES)
    answers = {"main_event": ["CONSULT"], "contexts": ["security"]}
    return recorded.Answer("", PLOVER.name, "", answers, mentions=tuple(found), relations=links, comment="The host?")


def seesaw_answer(number: int, text: str, names: list[str]) -> recorded.Answer:
    """Any label will do; marked are the first and last place of every entity, the ends of the text, and ‘quoted’."""
    places = {(0, 1), (len(text) - 1, len(text)), (0, len(text.split("\n")[0]))}
    for name in names:
        places |= {(start, start + len(name)) for start in (text.find(name), text.rfind(name)) if start >= 0}
    places |= {found.span() for found in list(re.finditer("“[^”\n]{1,80}”|\\w+’\\w+", text))[-3:]}
    found = [
        mention(f"m{index}", "participant", "place" if start == 0 else "participant", start, text[start:end], {})
        for index, (start, end) in enumerate(sorted(places))
    ]
    answers = {"main_event": [LABELS[number % len(LABELS)]]}
    return recorded.Answer("", PLOVER.name, "", answers, mentions=tuple(found))


@dataclass(frozen=True)
class Way:
    """What went in, what the annotator submitted by article, and where it came out."""

    root: Path
    originals: dict[str, str]
    submitted: dict[str, recorded.Answer]
    printed: Row

    def dataset(self, config: str) -> list[Row]:
        """All rows of a config of labels/dataset, as `datasets` loads them without a network."""
        import datasets

        loaded = datasets.load_dataset(
            str(self.root / "labels" / "dataset"), config, cache_dir=str(self.root.parent / "cache")
        )
        return [row for split in loaded.values() for row in split]

    def articles(self) -> dict[str, Row]:
        rows = pq.read_table(self.root / "corpus" / "articles.parquet").to_pylist()
        return {"seed" if row["outlet"] is None else row["article_id"]: row for row in rows}


def expected_text(title: str, sentences: list[str]) -> str:
    """What an annotator is to read: what shows nothing is left out, and paragraphs are one blank line apart."""
    visible = [re.sub("[\u00ad\u200b\ufeff]", "", part).strip() for part in (title, *sentences)]
    return re.sub("\n{3,}", "\n\n", "\n\n".join(part for part in visible if part))


def seesaw(folder: Path) -> Iterator[tuple[Row, str, list[str]]]:
    """Yield a line for the import, the text to expect, and the names of its entities."""
    for path in sorted((folder / "articles").glob("*.json"))[:100]:
        article = json.loads(path.read_text(encoding="utf-8"))
        story, _, document = path.stem.partition("_DOCUMENT_")
        meta = json.loads((folder / "meta" / f"{story}.json").read_text(encoding="utf-8"))
        about = meta[f"Meta info for article {document}"]
        sentences = [sentence["text"] for sentence in article["text"]]
        line = {
            "id": path.stem,
            "title": article["title"],
            "text": "\n\n".join(sentences),
            "outlet": about["source"],
            "date": meta["story_time"],
            "url": about["url"],
        }
        annotated = json.loads((folder / "annotations" / path.name).read_text(encoding="utf-8"))
        yield line, expected_text(article["title"], sentences), [entity[0] for entity in annotated["entity lists"]]


@pytest.fixture(scope="module")
def way(
    shared_data: Path,
    label_studio: studio.Server,
    server_environment: dict[str, str],
    goldwire: Run,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("real")
    root = template.create(folder / "study").root
    printed: Row = {}

    def run(*arguments: str) -> None:
        name = next(word for word in reversed(arguments[:2]))
        printed[name] = json.loads(goldwire(root, *arguments, "--json", **server_environment).stdout)

    seed = shared_data / "seed_article.txt"
    read = list(seesaw(shared_data / "seesaw"))
    lines = folder / "seesaw.jsonl"
    lines.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line, _, _ in read), encoding="utf-8")
    originals = {line["id"]: text for line, text, _ in read}
    originals["seed"] = seed.read_text(encoding="utf-8").strip()
    names = {line["id"]: found for line, _, found in read}

    run("corpus", "import", str(seed), str(lines))
    run("labels", "tasks", "real", "--scheme", "event-plover")
    run("labels", "push", "real")

    key = sign_up(label_studio, "reader@example.org", "a password for reading")
    annotator = connect(label_studio.url, key)
    assert annotator.whoami()[1] == "reader@example.org"
    submitted = {}
    order = {name: number for number, name in enumerate(sorted(names))}
    for task in annotator.tasks(printed["push"]["project"]):
        article, text = task["meta"]["article_id"], task["data"]["text"]
        article = article if article in names else "seed"
        answer = seed_answer(text) if article == "seed" else seesaw_answer(order[article], text, names[article])
        annotator.submit(task["id"], recorded.result(answer, controls(PLOVER), text), lead_time=3.5)
        submitted[article] = answer

    run("labels", "pull", "real")
    for stage in ("build", "agreement", "gold", "dataset"):
        run("labels", stage)
    with pytest.MonkeyPatch.context() as patch:
        import datasets

        patch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
        patch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
        yield Way(root, originals, submitted, printed)


def test_every_step_counts_all_of_it(way: Way) -> None:
    spans = sum(len(answer.mentions) for answer in way.submitted.values())
    printed, number = way.printed, way.printed["push"]["project"]
    nothing: Row = {"rejects": [], "warnings": []}
    assert printed["import"] == {"read": 101, "written": 101, "duplicates": 0, "rejected": 0} | nothing
    assert printed["tasks"] == {"round": "real", "units": 101}
    made = {"project": number, "projects": [number], "created": 101}
    assert printed["push"] == made | {"updated": 0, "unchanged": 0, "deleted": 0, "kept": [], "left": [], "tabs": {}}
    there = {"project": number, "tasks": 101, "annotations": 101, "new": 101, "changed": 0, "deleted": 0}
    part = "labels/rounds/real/pulls/part-00001.jsonl"
    assert printed["pull"] == there | {"projects": [number], "part": part, "parts": [part], "full": True}
    rows = {"units": 101, "votes": 202, "vote_mentions": spans, "vote_relations": len(ROLES)}
    assert printed["build"] == {"rows": rows, "problems": []}
    assert spans > 700


def test_every_text_comes_back_character_for_character(way: Way) -> None:
    imported = {name: row["text"] for name, row in way.articles().items()}
    assert imported == way.originals
    ids = {row["article_id"]: name for name, row in way.articles().items()}
    part = way.root / way.printed["pull"]["part"]
    tasks = [row for line in part.read_text(encoding="utf-8").split("\n")[1:-3] if (row := json.loads(line))]
    assert len(tasks) == 101
    assert {ids[task["meta"]["article_id"]]: task["data"]["text"] for task in tasks} == imported
    assert {ids[row["article_id"]]: row["text"] for row in way.dataset("articles")} == imported


def test_what_is_known_of_an_article_comes_with_it(way: Way, shared_data: Path) -> None:
    found = {row["article_id"]: row for row in way.dataset("articles") if row["outlet"] is not None}
    lines = [line for line, _, _ in seesaw(shared_data / "seesaw")]
    assert len(found) == len(lines)
    for line in lines:
        row = found[line["id"]]
        known = (row["title"], row["outlet"], row["published_at"].date().isoformat(), row["url"])
        assert known == (line["title"].strip(), line["outlet"], line["date"], line["url"])


def test_every_submitted_span_maps_back_to_exactly_its_text(way: Way) -> None:
    ids = {row["article_id"]: name for name, row in way.articles().items()}
    wanted = sorted(
        (article, span["start"], span["end"], span["layer"], span["label"], span["text"])
        for article, answer in way.submitted.items()
        for span in answer.mentions
    )
    fields = ("start", "end", "question", "label", "text")
    voted = pq.read_table(way.root / "labels" / "tables" / "vote_mentions.parquet").to_pylist()
    for rows in (voted, way.dataset("mentions")):
        found = sorted(
            (ids[row["unit_id"].removesuffix("/document")], *(row[name] for name in fields)) for row in rows
        )
        assert found == wanted
        assert all(way.originals[article][start:end] == text for article, start, end, *_, text in found)
    assert {row["annotator"] for row in voted} == {"annotator-01"}
    assert sum(not span["text"].isascii() for a in way.submitted.values() for span in a.mentions) > 100


def test_every_answer_becomes_gold(way: Way) -> None:
    ids = {row["article_id"]: name for name, row in way.articles().items()}
    rows = way.dataset("gold-event-plover")
    found = {ids[row["article_id"]]: LABELS[row["main_event"]] for row in rows}
    assert found == {article: answer.answers["main_event"][0] for article, answer in way.submitted.items()}
    votes = [row for row in way.dataset("votes") if row["comment"] == "The host?"]
    said = [(ids[row["article_id"]], row["question"], row["labels"]) for row in votes]
    assert said == [("seed", "contexts", ["security"]), ("seed", "main_event", ["CONSULT"])]


def test_the_coding_of_the_seed_article_is_held_whole(way: Way) -> None:
    text = way.originals["seed"]
    names = ("text", "label", "mode", *FLAGS, *PLAYERS)
    wanted: list[tuple[Any, ...]] = [
        ("surprise visit", "CONSULT", "visit", *PLAIN, [PUTIN], ["Syria"], ["a Russian base"], ["Monday morning"]),
        ("start withdrawing", "CONCEDE", None, *PLAIN, [PUTIN], [], ["the war-torn country"], []),
        ("air strikes", "ASSAULT", "aerial", *HISTORICAL, ["Russia"], ARMED_GROUPS, [], []),
        ("thanked", "SUPPORT", None, *HISTORICAL, ["Assad"], ["Putin"], [], ["November"]),
    ]
    rows = sorted(way.dataset("events"), key=lambda row: int(row["start"]))
    assert [tuple(row[name] for name in names) for row in rows] == wanted
    starts = [text.find(trigger) for trigger, *_ in wanted]
    ends = [start + len(trigger) for start, (trigger, *_) in zip(starts, wanted, strict=True)]
    assert [(row["start"], row["end"]) for row in rows] == list(zip(starts, ends, strict=True))
    assert {row["article_id"] for row in rows} == {way.articles()["seed"]["article_id"]}
    assert {(row["decided_by"], row["n_votes"]) for row in rows} == {("unanimous", 1)}

    spans = {row["mention_id"]: row for row in way.dataset("mentions")}
    words = {name: (text.find(before + words) + len(before), words) for name, _, _, words, before, _ in SEED}
    drawn = {
        (row["text"], role, spans[player]["start"], spans[player]["text"])
        for row in rows
        for role in PLAYERS
        for player in row[f"{role}_ids"]
    }
    assert drawn == {(words[trigger][1], role, *words[player]) for trigger, role, player in ROLES}
