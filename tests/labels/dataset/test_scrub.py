"""What is masked, and that nothing moves."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.labels.dataset.digest import digest_of
from goldwire.labels.dataset.mask import hash_of_article, mask, mask_json
from goldwire.labels.dataset.scrub import scrubbed
from goldwire.labels.units import hash_of
from goldwire.provenance import digest
from goldwire.text.contacts import contacts
from reachable import ADDRESS, NUMBER, SECRETS, built, reachable
from small_dataset import study


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ask jo.doe@x.example,\nor +43 (0)1 234-567.", "Ask ██.███@█.███████,\nor +██ (█)█ ███-███."),
        ("jo [at] x [dot] example", "██ [██] █ [███] ███████"),
        ("jo@x.example+43 1 234 567", "██@█.███████+██ █ ███ ███"),
        ("Tel.+43 1 234 567jo@x.example", "Tel.+██ █ ███ █████@█.███████"),
        ("a@b.example,c@d.example", "█@█.███████,█@█.███████"),
        ("In 2015 1,000 people met.", "In 2015 1,000 people met."),
        ("", ""),
    ],
)
def test_letters_and_digits_are_masked_and_the_rest_stays(text: str, expected: str) -> None:
    assert mask(text) == expected


@given(st.text(alphabet="ab1234567890 +()-@.éТ🎈\n", max_size=120))
def test_a_masked_text_is_as_long_and_has_nothing_left_to_mask(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert [new for old, new in zip(text, masked, strict=True) if old != new] == ["█"] * (
        masked.count("█") - text.count("█")
    )
    assert all("█" in masked[start:end] for start, end, _ in contacts(text))
    assert contacts(masked) == []


def test_json_stays_json_and_a_bare_number_called_phone_is_masked() -> None:
    text = json.dumps({"by": "A\nb@c.example", "phone": 2025550173, "fax_number": None, "n": 2025550173, "x": [1.5]})
    assert json.loads(mask_json(text)) == {
        "by": "A\n█@█.███████", "phone": "██████████", "fax_number": None, "n": 2025550173, "x": [1.5],
    }  # fmt: skip
    assert mask_json('{"b":1,"a":[]}') == '{"b":1,"a":[]}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"phone":{"home":2025550173,"n":true}}', '{"phone": {"home": "██████████", "n": true}}'),
        ('{"phones":[2025550173]}', '{"phones": ["██████████"]}'),
        ('{"contact":{"mobile":[{"n":"555 0173"}]}}', '{"contact": {"mobile": [{"n": "███ ████"}]}}'),
        (
            '{"authorEmail":"jo at desk","phone2":"2025550173"}',
            '{"authorEmail": "██ ██ ████", "phone2": "██████████"}',
        ),
        ('{"a@b.example":1,"c@d.example":2}', '{"█@█.███████": 1, "█@█.████████": 2}'),
        ('{"telegram":"2025550173","cells":"x"}', '{"telegram": "2025550173", "cells": "█"}'),
    ],
)
def test_all_that_stands_under_a_name_for_contacts_is_masked(text: str, expected: str) -> None:
    assert mask_json(text) == expected
    assert mask_json(expected) == expected


def test_a_mention_across_the_border_of_an_address_is_masked_as_far_as_the_address_goes() -> None:
    made = {name: table.to_pylist() for name, table in reachable().items()}
    text = made["articles"][0]["text"]
    start = text.index("to айша")
    made["gold_mentions"].append({**made["gold_mentions"][2], "mention_id": "m0-9"})
    made["gold_mentions"][-1] |= {"start": start, "end": start + 7, "text": text[start : start + 7], "entity": None}
    tables = {name: pa.Table.from_pylist(rows, reachable()[name].schema) for name, rows in made.items()}
    assert scrubbed(tables).tables["gold_mentions"]["text"].to_pylist()[-1] == "to ████"


def test_ids_that_are_or_tell_an_address_are_named() -> None:
    tables = {name: table.to_pylist() for name, table in reachable().items()}
    tables["articles"][3]["article_id"] = ADDRESS
    target, holder = tables["units"][-2]["target"], tables["units"][-2]["holder"]
    unit = f"a3/target/{digest(target, holder, length=8)}"
    tables["units"][-2]["unit_id"] = unit
    made = scrubbed({n: pa.Table.from_pylist(rows, reachable()[n].schema) for n, rows in tables.items()})
    assert (made.traceable, made.named) == ([unit], [ADDRESS])
    assert made.notes == [
        "masked in 3 articles: e-mail 2, phone 3",
        f"1 id is made of what was masked, so that a number can be guessed and tried: {unit}. Import these articles "
        "again with ids of their own, or name the targets otherwise, before you give this out.",
        f"1 id is still there with an address or a number in it, since ids are never masked: {mask(ADDRESS)}. Import "
        "these articles again with ids of their own before you give this out.",
    ]


def test_nothing_of_an_address_or_number_is_in_any_table_and_offsets_stay_true() -> None:
    tables = reachable()
    made = scrubbed(tables)
    assert made.tables.keys() == tables.keys()
    assert [made.tables[name].schema for name in tables] == [table.schema for table in tables.values()]
    said = json.dumps({name: table.to_pylist() for name, table in made.tables.items()}, default=str)
    assert [secret for secret in SECRETS if json.dumps(secret)[1:-1] in said] == []
    before = {row["article_id"]: row for row in tables["articles"].to_pylist()}
    articles = {row["article_id"]: row for row in made.tables["articles"].to_pylist()}
    assert {name: len(row["text"]) for name, row in articles.items()} == {
        name: len(row["text"]) for name, row in before.items()
    }
    for row in made.tables["gold_mentions"].to_pylist():
        assert articles[row["unit_id"].split("/")[0]]["text"][row["start"] : row["end"]] == row["text"]
    assert articles["a0"]["text"].endswith("Write to ████.█@████████.███████, or call +██ █ ███ ███ now.")
    assert articles["a1"]["title"] == "Call +██ █ ███ ███ 👩‍👧"
    assert json.loads(articles["a4"]["meta"]) == {
        "author": "Айша <████.█@████████.███████>", "n": 3, "phone": "██████████", "z": ["ü"],
    }  # fmt: skip
    assert articles["a3"] == before["a3"]


def test_what_repeats_a_masked_text_is_masked_with_it() -> None:
    made = scrubbed(reachable()).tables
    mentions = {row["mention_id"]: row for row in made["gold_mentions"].to_pylist()}
    assert mentions["m0-3"]["text"] == mentions["m0-3"]["entity"] == mask(ADDRESS)
    assert (mentions["m2-1"]["text"], mentions["m2-1"]["entity"]) == ("████", "The desk of +██ █ ███ ███")
    assert json.loads(mentions["m2-2"]["attributes"]) == {"note": ["ask +██ █ ███ ███"]}
    unit = made["units"].to_pylist()[-2]
    assert (unit["target"], unit["target_aliases"]) == (f"порт, {mask(ADDRESS)}", [mask(NUMBER), "порт"])
    assert made["votes"]["comment"].to_pylist()[11] == f"I asked {mask(ADDRESS)} 🎈"
    assert made["gold"].to_pylist()[-1]["value"] == f"weil {mask(NUMBER)}"
    assert made["gold"]["reason"][0].as_py() == f"{mask(ADDRESS)} says so"


def test_hashes_are_those_of_the_masked_text() -> None:
    """The hash of the text as it was would let anybody try out numbers until it is the same."""
    tables = reachable()
    made = scrubbed(tables).tables
    changed = []
    for old, row in zip(tables["articles"].to_pylist(), made["articles"].to_pylist(), strict=True):
        assert row["content_hash"] == hash_of_article(row["title"], row["text"], row["body_start"])
        if row["content_hash"] != old["content_hash"]:
            changed.append(row["article_id"])
    assert changed == ["a0", "a1", "a2"]
    texts = dict(zip(made["articles"]["article_id"].to_pylist(), made["articles"]["text"].to_pylist(), strict=True))
    for unit in made["units"].to_pylist():
        assert unit["content_hash"] == hash_of(texts[unit["article_id"]][unit["start"] : unit["end"]])


def test_it_says_what_it_found_and_which_ids_still_name_the_text_as_it_was() -> None:
    tables = reachable()
    rows = tables["articles"].to_pylist()
    rows[2]["article_id"] = f"a{rows[2]['content_hash']}"
    articles = pa.Table.from_pylist(rows, schema=tables["articles"].schema)
    made = scrubbed({"articles": articles, "units": tables["units"].slice(0, 2)})
    assert made.found == {"e-mail": 2, "phone": 3}
    assert made.articles == sorted(["a0", "a1", rows[2]["article_id"]])
    assert made.traceable == [rows[2]["article_id"]]


def test_tables_without_any_stay_as_they_are() -> None:
    tables = study()
    made = scrubbed(tables)
    assert made.tables == tables
    assert (made.found, made.articles, made.traceable) == ({}, [], [])


def test_the_dataset_of_scrubbed_tables_says_nothing_of_them(tmp_path: Path) -> None:
    made = built(tmp_path / "dataset", scrub=True)
    said = json.dumps(
        [pq.read_table(path, partitioning=None).to_pylist() for path in sorted(made.folder.rglob("*.parquet"))],
        default=str,
        ensure_ascii=False,
    ) + (made.folder / "README.md").read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in said] == []
    assert digest_of(made.folder) != built(tmp_path / "other").digest
