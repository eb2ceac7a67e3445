"""What a ruling changes of mentions and relations: votes of three and a ruling in, gold out, worked by hand."""

import json
from typing import Any

import pyarrow as pa

from disputing import JUDGE, PLACES, TALKS, A, B, C
from goldwire import tables
from goldwire.labels.gold.merge import Gold, gold

Row = dict[str, Any]

KEY = {"scheme": "talks", "scheme_hash": TALKS.hash, "unit_id": "a/document"}
BY = {"adjudicator": JUDGE, "reason": "slip"}
NUMBERS = {A: "1", B: "2", C: "3", JUDGE: "9"}
VISIT, CALL = ({"mode": [name]} for name in ("visit", "call"))


def answer(who: str) -> Row:
    ruling = who == JUDGE
    return {
        **KEY,
        "round": "adj" if ruling else "r",
        "annotator": who,
        "annotation_id": NUMBERS[who],
        "status": "submitted",
        "purpose": "adjudication" if ruling else "vote",
        "counts": not ruling,
    }


def votes() -> pa.Table:
    """A says MEET, B says FIGHT, C is unsure; the judge says MEET."""
    said = {A: ["MEET"], B: ["FIGHT"], C: ["unclear"], JUDGE: ["MEET"]}
    rows = [{**answer(who), "question": "event", "labels": labels} for who, labels in said.items()]
    return tables.build("votes", [*rows, {**answer(JUDGE), "question": "adjudication_reason", "labels": ["slip"]}])


def mark(who: str, words: str, label: str = "actor", entity: str | None = None, **attributes: list[str]) -> Row:
    start, end = PLACES[words]
    place = {"start": start, "end": end, "text": words, "label": label, "entity": entity}
    layer = "trigger" if label == "MEETING" else "who"
    said = {"question": layer, "mention_id": f"{NUMBERS[who]}/{words}", "attributes": json.dumps(attributes)}
    return {**answer(who), **said, **place}


def draw(who: str, to: str, label: str = "by", from_: str = "met") -> Row:
    ends = {"from": from_ if from_ == "author" else f"{NUMBERS[who]}/{from_}", "to": f"{NUMBERS[who]}/{to}"}
    about = {"question": "relation", "label": label, "relation_id": f"{NUMBERS[who]}/{label}/{from_}/{to}"}
    return {**answer(who), **about, **ends, "attributes": "{}"}


def decide(mentions: list[Row], relations: list[Row], **recode: dict[str, str]) -> Gold:
    return gold(
        votes(),
        tables.build("vote_mentions", mentions),
        tables.build("vote_relations", relations),
        {"talks": TALKS},
        {"talks": recode},
    )


def short(found: Gold) -> list[tuple[Any, ...]]:
    listed = [*found.gold_mentions.to_pylist(), *found.gold_relations.to_pylist()]
    return [
        (row.get("mention_id", row.get("relation_id")).partition("#")[2], row["decided_by"], row["reason"])
        for row in listed
    ]


# A, B and C mark Ada and "met", A and B draw "by" from "met" to Ada; A marks Bob and draws "by" to him
ALL = [mark(who, words, label) for who in (A, B, C) for words, label in (("Ada", "actor"), ("met", "MEETING"))]
MENTIONS = [*ALL, mark(A, "Bob")]
RELATIONS = [draw(A, "Ada"), draw(B, "Ada"), draw(A, "Bob")]
ADA, MET, BOB = "who-0-3-actor", "trigger-4-7-MEETING", "who-8-11-actor"
SAME = [mark(JUDGE, "Ada"), mark(JUDGE, "met", "MEETING")]


def test_what_the_ruling_has_too_keeps_the_votes() -> None:
    found = decide([*MENTIONS, *SAME], [*RELATIONS, draw(JUDGE, "Ada")])
    (event,) = (row for row in found.gold.to_pylist() if row["question"] == "event")
    assert (event["labels"], event["decided_by"], event["reason"]) == (["MEET"], "adjudicated", "slip")
    assert short(found) == [(ADA, "unanimous", None), (MET, "unanimous", None), (f"by-{MET}-{ADA}", "majority", None)]
    assert found.left_out == {"mentions": 1, "mentions_tied": 0, "relations": 1, "relations_tied": 0}


def test_what_only_the_ruling_has_is_adjudicated_and_not_left_out_and_what_it_lacks_goes() -> None:
    ruling = [mark(JUDGE, "met", "MEETING"), mark(JUDGE, "Bob")]
    found = decide([*MENTIONS, *ruling], [*RELATIONS, draw(JUDGE, "Bob")])
    assert short(found) == [
        (MET, "unanimous", None),
        (BOB, "adjudicated", "slip"),
        (f"by-{MET}-{BOB}", "adjudicated", "slip"),
    ]
    third = [{"label": "actor", "share": 1 / 3}]
    assert [row["distribution"] for row in found.gold_mentions.to_pylist()][1] == third
    # Ada and the link to her are out; Bob and the link to him are in
    assert found.left_out == {"mentions": 1, "mentions_tied": 0, "relations": 1, "relations_tied": 0}


def test_a_relation_that_the_ruling_lacks_goes_though_its_mentions_stay() -> None:
    found = decide([*MENTIONS, *SAME], RELATIONS)
    assert short(found) == [(ADA, "unanimous", None), (MET, "unanimous", None)]
    assert found.left_out == {"mentions": 1, "mentions_tied": 0, "relations": 2, "relations_tied": 0}


def test_other_attributes_or_another_entity_are_adjudicated_and_the_relation_between_them_stays() -> None:
    voted = [{**row, "attributes": json.dumps(VISIT)} if row["label"] == "MEETING" else row for row in ALL]
    ruling = [mark(JUDGE, "Ada", entity="Ada Lovelace"), mark(JUDGE, "met", "MEETING", **CALL)]
    found = decide([*voted, *ruling], [*RELATIONS[:2], draw(JUDGE, "Ada")])
    assert short(found) == [
        (ADA, "adjudicated", "slip"),
        (MET, "adjudicated", "slip"),
        (f"by-{MET}-{ADA}", "majority", None),
    ]
    rows = found.gold_mentions.to_pylist()
    assert [(row["entity"], json.loads(row["attributes"]), row["n_votes"]) for row in rows] == [
        ("Ada Lovelace", {}, 3),
        (None, CALL, 3),
    ]
    kept = decide([*voted, mark(JUDGE, "Ada"), mark(JUDGE, "met", "MEETING", **VISIT)], [])
    assert [by for _, by, _ in short(kept)] == ["unanimous", "unanimous"]


def test_a_mention_of_another_place_is_adjudicated_and_its_relation_goes_along() -> None:
    """ "Ada" and "met" of the votes; the judge marks "Ada" with the blank after it."""
    wider = {**mark(JUDGE, "Ada"), "end": 4, "text": "Ada "}
    found = decide([*MENTIONS, wider, mark(JUDGE, "met", "MEETING")], [*RELATIONS, draw(JUDGE, "Ada")])
    moved = "who-0-4-actor"
    assert short(found) == [
        (moved, "adjudicated", "slip"),
        (MET, "unanimous", None),
        (f"by-{MET}-{moved}", "majority", None),
    ]
    (relation,) = found.gold_relations.to_pylist()
    assert (relation["from"], relation["to"]) == (f"a/document#{MET}", f"a/document#{moved}")
    assert found.left_out["mentions"] == 1  # Bob


def test_what_a_recoding_took_from_the_page_stays_as_the_votes_had_it() -> None:
    """The page has no "talk": "met" cannot be shown, nor the link from it; Ada is, and the judge leaves her out."""
    recode = {"trigger": {"MEETING": "talk"}}
    talk = "trigger-4-7-talk"
    found = decide([*ALL, mark(JUDGE, "Ada")], RELATIONS[:2], **recode)
    assert short(found) == [
        (ADA, "unanimous", None),
        (talk, "unanimous", None),
        (f"by-{talk}-{ADA}", "majority", None),
    ]
    assert found.left_out == {"mentions": 0, "mentions_tied": 0, "relations": 0, "relations_tied": 0}
    without = decide([*ALL], RELATIONS[:2], **recode)
    assert short(without) == [(talk, "unanimous", None)]
    assert without.left_out == {"mentions": 1, "mentions_tied": 0, "relations": 1, "relations_tied": 0}
    again = decide([*ALL, *SAME], RELATIONS[:2], **recode)  # the judge marks it by its old name: once is enough
    assert short(again) == short(found)
    wider = {**mark(JUDGE, "met", "MEETING"), "end": 8, "text": "met "}
    other = decide([*ALL, mark(JUDGE, "Ada"), wider], [], **recode)
    assert short(other) == [(ADA, "unanimous", None), ("trigger-4-8-talk", "adjudicated", "slip")]


def test_relations_and_attributes_that_the_page_has_not_stay() -> None:
    voted = [{**row, "attributes": json.dumps(VISIT)} if row["label"] == "MEETING" else row for row in ALL]
    found = decide([*voted, *SAME], RELATIONS[:2], mode={"visit": "trip"}, relation={"by": "agent"})
    assert short(found) == [
        (ADA, "unanimous", None),
        (MET, "unanimous", None),
        (f"agent-{MET}-{ADA}", "majority", None),
    ]
    assert json.loads(found.gold_mentions.to_pylist()[1]["attributes"]) == {"mode": ["trip"]}
    moved = {**mark(JUDGE, "met", "MEETING"), "end": 8, "text": "met "}
    other = decide([*voted, mark(JUDGE, "Ada"), moved], [], mode={"visit": "trip"})
    assert [(row["decided_by"], row["attributes"]) for row in other.gold_mentions.to_pylist()] == [
        ("unanimous", "{}"),
        ("adjudicated", '{"mode": ["trip"]}'),
    ]


def test_two_mentions_at_one_place_are_each_their_own() -> None:
    """Each annotator marks Ada twice, once by the name of Lovelace; the judge renames the other."""
    named = [{**row, "mention_id": f"{row['mention_id']}*", "entity": "Ada Lovelace"} for row in ALL[::2]]
    ruling = [
        mark(JUDGE, "Ada", entity="Ada Lovelace"),
        {**mark(JUDGE, "Ada", entity="Ada Byron"), "mention_id": "9/x"},
    ]
    rows = decide([*ALL[::2], *named, *ruling], []).gold_mentions.to_pylist()
    assert [(row["mention_id"].partition("#")[2], row["entity"], row["decided_by"]) for row in rows] == [
        (ADA, "Ada Byron", "adjudicated"),
        (f"{ADA}-2", "Ada Lovelace", "unanimous"),
    ]
