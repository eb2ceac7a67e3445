"""The small dataset with articles that name addresses and phone numbers, written for the tests; all are invented."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables, template
from goldwire.files import write_text
from goldwire.labels.dataset.build import Dataset
from goldwire.labels.dataset.mask import hash_of_article
from goldwire.labels.units import hash_of
from goldwire.study import Params, Study
from small_dataset import EVENTS, STANCE, build, key, span, study

ADDRESS = "айша.k@newsroom.example"
NUMBER = "+43 1 234 567"
SECRETS = ("айша.k@newsroom", "newsroom.example", "234 567", "555-0173", "0173", "desk@harbour")


def reachable() -> dict[str, pa.Table]:
    """Return the tables of `small_dataset` with true hashes and addresses of pages, and contacts in five articles.

    a0: in the body, and all of it is marked as a mention whose entity repeats it. a1: in the title. a2: a mention
    that is a part of an address. a4: in meta and as its outlet. a5: in the words of annotators only.
    """
    made = {name: table.to_pylist() for name, table in study().items()}
    articles = {row["article_id"]: row for row in made["articles"]}
    _text(articles["a0"], articles["a0"]["title"], f"Omar 🎈 met Айша. Write to {ADDRESS}, or call {NUMBER} now.")
    _text(articles["a1"], f"Call {NUMBER} 👩‍👧", "حضر عمر الاجتماع ثم met her.")
    _text(articles["a2"], articles["a2"]["title"], "They hit the 🚢. desk@harbour.example said so; (202) 555-0173.")
    articles["a4"]["meta"] = json.dumps({"author": f"Айша <{ADDRESS}>", "n": 3, "phone": 2025550173, "z": ["ü"]})
    articles["a4"]["outlet"] = f"Курьер ({NUMBER})"
    for name, row in articles.items():
        row["url"] = f"https://news.example/{name}"
        row["content_hash"] = hash_of_article(row["title"], row["text"], row["body_start"])
    for unit in made["units"]:
        text = articles[unit["article_id"]]["text"]
        unit["content_hash"] = hash_of(text[unit["start"] : unit["end"]])
    made["units"][-2] |= {"target": f"порт, {ADDRESS}", "target_aliases": [NUMBER, "порт"]}
    marks = [
        (0, "m0-3", ADDRESS, ADDRESS),
        (2, "m2-1", "desk", "The desk of +43 1 234 567"),
        (2, "m2-2", "hit", None),
    ]
    for i, name, words, entity in marks:
        start = articles[f"a{i}"]["text"].index(words)
        layer, label = ("trigger", "HIT") if name == "m2-2" else ("participant", "participant")
        attributes = json.dumps({"note": [f"ask {NUMBER}"]}) if name == "m2-2" else None
        made["gold_mentions"].append({**span(i, name, start, words, layer, label, attributes), "entity": entity})
    for place, row in enumerate(made["gold_mentions"][:3]):
        start = articles[f"a{(0, 3, 0)[place]}"]["text"].index(row["text"])
        made["gold_mentions"][place] |= {"start": start, "end": start + len(row["text"])}
    for number, end in (("r2", "m0-3"), ("r3", "author")):
        link = {"relation_id": number, "from": "m0-1", "to": end, "label": "recipient"}
        made["gold_relations"].append({**key(0, "a0/document", "relation"), **link})
    made["votes"][11]["comment"] = f"I asked {ADDRESS} 🎈"
    made["gold"][-1]["value"] = f"weil {NUMBER}"
    made["gold"][0]["reason"] = f"{ADDRESS} says so"
    return {name: tables.build(name, rows) for name, rows in made.items()}


def _text(article: dict[str, Any], title: str, body: str) -> None:
    article |= {"title": title, "text": f"{title}\n\n{body}", "body_start": len(title) + 2}


def study_of(tables_: dict[str, pa.Table], root: Path) -> Study:
    """Make a study of tables and of the schemes of `small_dataset`, as ``goldwire labels gold`` leaves one."""
    made = template.create(root)
    for name, text in (("event-small", EVENTS), ("stance-small", STANCE)):
        write_text(made.schemes / f"{name}.yaml", text)
    for name, table in tables_.items():
        if name != "splits":
            tables.write(table, made.articles if name == "articles" else made.table(name))
    for name in ("vote_mentions", "vote_relations"):
        tables.write(tables.build(name, []), made.table(name))
    return made


def built(folder: Path, *, texts: bool = True, scrub: bool = False) -> Dataset:
    """Build the dataset, with or without its texts, masked or not."""
    params = Params.model_validate({"dataset": {"texts": texts, "scrub": scrub}})
    return build(folder, params=params, **reachable())
