"""What the datasheet says of the sample corpus and its answers, counted."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import pytest

from goldwire.scheme import Scheme, load
from goldwire.text.normalise import normalise, normalise_line

FOLDER = resources.files("goldwire") / "demo"
SCHEMES = {name: load(name) for name in ("event-plover", "stance-target")}
ANNOTATORS = {"annotator-01", "annotator-02", "annotator-03"}
CHARACTERS = ("zh", "ja")  # languages that part no words
SCRIPTS = {
    "Arabic": "[\u0600-\u06ff]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Greek": "[\u0370-\u03ff]",
    "Hebrew": "[\u0590-\u05ff]",
    "Han": "[\u4e00-\u9fff]",
    "Kana": "[\u3040-\u30ff]",
    "Devanagari": "[\u0900-\u097f]",
    "emoji joined by ZWJ": "[\U0001f300-\U0001faff]\ufe0f?\u200d",
    "decomposed accent": "[A-Za-z][\u0300-\u0304\u0308\u030a\u030c]",
}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def written(article: dict[str, Any]) -> list[str]:
    return [part for part in (article["title"], article["text"]) if part]


@pytest.fixture(scope="module")
def articles() -> list[dict[str, Any]]:
    return lines("articles.jsonl")


@pytest.fixture(scope="module")
def shown(articles: list[dict[str, Any]]) -> dict[str, str]:
    """What annotators read, by the article's id."""
    return {article["id"]: normalise("\n\n".join(written(article))) for article in articles}


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    with (FOLDER / "pairs.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return lines("answers.jsonl")


def test_articles_are_many_different_and_as_long_as_wire_copy(articles: list[dict[str, Any]]) -> None:
    assert len(articles) >= 150
    assert len({article["id"] for article in articles}) == len(articles)
    assert len({normalise(article["text"]) for article in articles}) == len(articles)
    lengths = {}
    for article in articles:
        text, by_characters = article["text"], article["language"] in CHARACTERS
        low, high = (150, 400) if by_characters else (80, 250)
        length = len(re.sub(r"\s", "", text)) if by_characters else len(text.split())
        if not low <= length <= high:
            lengths[article["id"]] = length
    assert lengths == {}


def test_an_article_has_all_its_fields_and_they_can_be_read(articles: list[dict[str, Any]]) -> None:
    fields = {"id", "title", "text", "outlet", "url", "published_at", "language", "group"}
    for article in articles:
        assert set(article) == fields, article["id"]
        empty = {name for name, value in article.items() if not value or value.strip() != value}
        assert empty <= {"title"}, article["id"]
        assert datetime.fromisoformat(article["published_at"]).tzinfo is not None, article["id"]
        assert "\n\n" in article["text"], f"{article['id']} has one paragraph"


def test_every_address_leads_nowhere(articles: list[dict[str, Any]]) -> None:
    for article in articles:
        hosts = {urlsplit(article["url"]).hostname or ""}
        hosts |= set(re.findall(r"(?:https?://|www\.|@(?=[\w-]+\.\w))([\w.-]+\w)", " ".join(written(article))))
        assert all(host.endswith(".example") for host in hosts), (article["id"], hosts)


def test_every_script_that_offsets_are_tested_with_is_there(articles: list[dict[str, Any]]) -> None:
    everything = "\n".join(part for article in articles for part in written(article))
    assert [name for name, pattern in SCRIPTS.items() if not re.search(pattern, everything)] == []


def test_wire_copies_share_a_group_and_nothing_else_is_shared(articles: list[dict[str, Any]]) -> None:
    sizes = Counter(article["group"] for article in articles)
    assert sum(size > 1 for size in sizes.values()) >= 3
    groups = defaultdict(set)
    for article in articles:
        for sentence in re.split(r"(?<=[.!?。！？।؟])[\"'”’»」]*\s*|\n+", normalise(article["text"])):
            if len(sentence.strip()) >= 50:
                groups[sentence.strip()].add(article["group"])
    assert {sentence: found for sentence, found in groups.items() if len(found) > 1} == {}


def test_wire_copies_are_of_different_lengths(articles: list[dict[str, Any]]) -> None:
    lengths = defaultdict(set)
    for article in articles:
        lengths[article["group"]].add(len(article["text"]))
    sizes = Counter(article["group"] for article in articles)
    assert [group for group, size in sizes.items() if len(lengths[group]) < size] == []


def test_every_pair_is_about_something_that_its_article_names(
    pairs: list[dict[str, str]], shown: dict[str, str]
) -> None:
    assert {pair["article_id"] for pair in pairs} == set(shown)
    keys = [(pair["article_id"], pair["holder"], pair["target"]) for pair in pairs]
    assert len(set(keys)) == len(keys)
    lost = []
    for pair in pairs:
        names = [pair["target"], *filter(None, pair["target_aliases"].split("|"))]
        text = shown[pair["article_id"]].casefold()
        if not any(normalise(name).casefold() in text for name in names):
            lost.append((pair["article_id"], pair["target"]))
    assert lost == []


def test_every_unit_question_is_answered_by_all_three(
    answers: list[dict[str, Any]], pairs: list[dict[str, str]], shown: dict[str, str]
) -> None:
    units = {("event-plover", article, None, None) for article in shown}
    names = ((pair["article_id"], pair["holder"], pair["target"]) for pair in pairs)
    units |= {("stance-target", article, *map(normalise_line, pair)) for article, *pair in names}
    for scheme in SCHEMES.values():
        for question in (question for question in scheme.questions if question.required):
            given = Counter(
                tuple(answer.get(key) for key in ("scheme", "article_id", "holder", "target", "annotator"))
                for answer in answers
                if answer["scheme"] == scheme.name and answer["answers"].get(question.name)
            )
            wanted = {(*unit, name) for unit in units if unit[0] == scheme.name for name in ANNOTATORS}
            assert set(given) == wanted, question.name
            assert set(given.values()) == {1}, question.name


def test_each_annotator_marked_events_with_actors_in_forty_articles(answers: list[dict[str, Any]]) -> None:
    marked: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        if answer["scheme"] == "event-plover" and any(r["label"] == "actor" for r in answer.get("relations", ())):
            marked[answer["annotator"]].add(answer["article_id"])
    assert set(marked) == ANNOTATORS
    assert {name: len(found) for name, found in marked.items() if len(found) < 40} == {}
    assert len(set.intersection(*marked.values())) >= 40


def test_every_marked_span_is_its_text(answers: list[dict[str, Any]], shown: dict[str, str]) -> None:
    wrong = [
        (answer["annotator"], answer["article_id"], mention)
        for answer in answers
        for mention in answer.get("mentions", ())
        if not mention["text"] or shown[answer["article_id"]][mention["start"] : mention["end"]] != mention["text"]
    ]
    assert wrong == []


def test_every_answer_is_one_that_the_scheme_has(answers: list[dict[str, Any]]) -> None:
    assert [problem for answer in answers for problem in problems(answer, SCHEMES[answer["scheme"]])] == []


def problems(answer: dict[str, Any], scheme: Scheme) -> list[str]:
    """What the answer has and the scheme has not."""
    found = []
    for name, given in answer["answers"].items():
        question = scheme.question(name)
        found += [f"{name}: {label}" for label in given if label not in set(question.label_names())]
        if question.type == "single" and len(given) != 1:
            found.append(f"{name}: {len(given)} answers to a single choice")
    layers = {layer.name: layer for layer in scheme.mentions}
    spans = {}
    for mention in answer.get("mentions", ()):
        layer, label = layers[mention["layer"]], mention["label"]
        spans[mention["id"]] = label
        if label not in {known.name for known in layer.labels}:
            found.append(f"{layer.name}: {label}")
        for name, values in mention.get("attributes", {}).items():
            asked = [a for a in layer.attributes if a.name == name and (not a.applies_to or label in a.applies_to)]
            if asked and asked[0].type == "text":
                continue
            known = {value for attribute in asked for value in attribute.label_names()}
            found += [f"{layer.name} {label} {name}: {value}" for value in values if value not in known]
    if len(spans) != len(answer.get("mentions", ())):
        found.append("two spans of one answer share an id")
    relations = {relation.name: relation for relation in scheme.relations}
    for link in answer.get("relations", ()):
        relation = relations[link["label"]]
        if spans[link["from"]] not in relation.from_ or spans[link["to"]] not in relation.to:
            found.append(f"{link['label']}: {spans[link['from']]} -> {spans[link['to']]}")
    return [f"{answer['annotator']} {answer['article_id']}: {problem}" for problem in found]


def test_the_annotators_disagree_and_are_undecided_at_times(answers: list[dict[str, Any]]) -> None:
    undecided = 0
    for scheme, question in (("event-plover", "main_event"), ("stance-target", "stance")):
        unsure = {label.name for label in SCHEMES[scheme].question(question).labels if label.role == "unsure"}
        given: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for answer in answers:
            if answer["scheme"] == scheme:
                unit = (answer["article_id"], answer.get("holder") or "", answer.get("target") or "")
                given[unit] += answer["answers"][question]
        divided = [labels for labels in given.values() if len(set(labels)) > 1]
        assert 5 <= len(divided) <= len(given) / 2, question
        undecided += sum(bool(unsure & set(labels)) or len(set(labels)) == len(labels) for labels in divided)
    assert undecided > 0
