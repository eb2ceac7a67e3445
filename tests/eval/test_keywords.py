"""Keywords: what the codebook says is enough, without any labelled unit; phrases, forms and what they weigh."""

import numpy as np

from goldwire import scheme
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.keywords import Keywords
from goldwire.eval.baselines.lexicon import Lexicon, lexicon
from goldwire.eval.baselines.stems import stem, stems
from goldwire.eval.inputs import task_of
from goldwire.eval.task import Task
from goldwire.scheme import Label, Question
from storied import TASK as BARE
from storied import articles, framed


def _task(kind: str, *labels: Label) -> Task:
    question = Question(name="q", text="What?", type=kind, labels=list(labels))
    negative = [label.name for label in labels if label.role == "negative"]
    several = kind in ("multiple", "tree")
    names = tuple(question.label_names())
    return Task(names, kind, negative[0] if several and negative else None, question=question)


FIRE = Label(name="FIRE", definition="Something burns.", keywords=["burn", "set fire"])
THEFT = Label(name="THEFT", definition="Somebody steals silver.", example="Nine bicycles were taken.")
NOTHING = Label(name="NOTHING", definition="No fire, no theft.", role="negative")


def test_forms_of_a_word_have_one_stem() -> None:
    families = (
        ("kidnap", "kidnapped", "kidnapping", "kidnappers", "kidnappings", "kidnaps"),
        ("murder", "murdered", "murderers", "murders"),
        ("bomb", "bombs", "bombed", "bombing", "bombings"),
        ("assassinate", "assassinated", "assassination", "assassins"),
        ("robbery", "robberies"),
        ("explosion", "explosions"),
    )
    assert [len({stem(word) for word in family}) for family in families] == [1] * len(families)
    assert len({stem(word) for word in ("state", "station", "war", "ward", "police")}) == 5
    assert stems("Bußgeld 42 ÉTATS") == ["bussgeld", "42", "états"]


def test_without_any_labelled_unit_one_keyword_is_enough() -> None:
    task = _task("multiple", FIRE, THEFT, NOTHING)
    model = Keywords(task, 0)
    model.fit(framed([]), Shared())
    rows = framed(["THE MILL WAS BURNED", "they set fire to it", "a theft", "a fire was set", "", "Snow."])
    shares = model.shares(rows, Shared())
    assert model.decide(shares) == [("FIRE",), ("FIRE",), ("THEFT",), ("NOTHING",), ("NOTHING",), ("NOTHING",)]
    np.testing.assert_allclose(shares[[0, 2], [0, 1]], 0.5)
    never = Keywords(task, 0)
    np.testing.assert_allclose(never.shares(rows, Shared()), shares)


def test_keywords_stand_for_all_other_words_and_names_weigh_more_than_definitions_and_examples() -> None:
    found = lexicon(_task("multiple", FIRE, THEFT))
    weights = dict(zip(found.phrases, found.weights.tolist(), strict=True))
    assert weights == {
        "burn": [1, 0],
        "set fir": [1, 0],
        "theft": [0, 1],
        "somebody": [0, 0.5],
        "steal": [0, 0.5],
        "silv": [0, 0.5],
        "bicycl": [0, 0.25],
        "taken": [0, 0.25],
    }


def test_a_phrase_of_two_labels_says_half_for_each() -> None:
    one = Label(name="A", definition="x", keywords=["burn", "fire"])
    two = Label(name="B", definition="x", keywords=["burn"])
    assert lexicon(_task("multiple", one, two)).weights.tolist() == [[0.5, 0.5], [1, 0]]


def test_phrases_that_touch_are_all_counted() -> None:
    found = Lexicon(("burn", "car bomb"), np.ones((2, 1)))
    rows = framed(["burn burned burning", "car bomb, car bombs; car. Bomb!", "sunburn carbomb", ""])
    assert found.counts(rows, Shared()).tolist() == [[3, 0], [0, 3], [0, 0], [0, 0]]


def test_a_label_that_the_codebook_does_not_have_is_known_by_its_name() -> None:
    model = Keywords(BARE, 0)
    assert model.decide(model.shares(framed(["A flood and a fire.", "Thefts"]), Shared())) == [
        ("FIRE", "FLOOD"),
        ("THEFT",),
    ]


def test_one_answer_is_nothing_unless_there_is_more_evidence_than_for_nothing() -> None:
    task = _task("single", FIRE, THEFT, NOTHING)
    model = Keywords(task, 0)
    rows = framed(["Burned and burning, they burn.", "The theft, the theft, the theft.", "burned", "Snow."])
    shares = model.shares(rows, Shared())
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert model.decide(shares) == [("FIRE",), ("THEFT",), ("FIRE",), ("NOTHING",)]
    texts = ["Snow."] * 5 + ["It burned."] * 5  # which makes it a common word, that says less
    model.fit(framed(texts, [("NOTHING",)] * 5 + [("FIRE",)] * 5), Shared())
    assert model.parameters["nothing"] == 0.25
    assert model.decide(model.shares(framed(texts[4:6]), Shared())) == [("NOTHING",), ("FIRE",)]


def test_without_evidence_and_without_a_negative_label_all_are_even() -> None:
    model = Keywords(Task(("x", "y")), 0)
    np.testing.assert_allclose(model.shares(framed(["Snow."]), Shared()), [[0.5, 0.5]])


def test_a_common_keyword_says_less_than_a_rare_one() -> None:
    both = (Label(name="A", definition="x", keywords=["snow"]), Label(name="B", definition="x", keywords=["hail"]))
    model = Keywords(_task("multiple", *both), 0)
    texts = ["snow", "snow", "snow", "hail"]
    model.fit(framed(texts, [("A",), (), (), ("B",)]), Shared())
    shares = model.shares(framed(["snow hail"]), Shared())
    assert shares[0, 1] > 0.5 > shares[0, 0]


def test_a_path_of_a_tree_has_the_evidence_of_those_below() -> None:
    tree = Label(name="Harm", definition="x", keywords=["harm"], children=[FIRE, THEFT])
    model = Keywords(_task("tree", tree), 0)
    shares = model.shares(framed(["It burned."]), Shared())
    np.testing.assert_allclose(shares, [[0.5, 0.5, 0]])
    assert model.decide(shares) == [("Harm/FIRE",)]


def test_the_shipped_event_schemes_have_keywords_for_every_answer_and_no_annotator_sees_them() -> None:
    for name, asked in (("event-muc4", "incidents"), ("event-plover", "main_event")):
        codebook = scheme.load(name)
        question = codebook.question(asked)
        assert all(bool(label.keywords) == (label.role == "answer") for label in question.labels)
        labels = [label.model_copy(update={"keywords": []}) for label in question.labels]
        bare = question.model_copy(update={"labels": labels})
        questions = [bare if one.name == asked else one for one in codebook.questions]
        assert codebook.model_copy(update={"questions": questions}).hash == codebook.hash


def test_the_shipped_keywords_find_the_examples_of_their_own_labels() -> None:
    codebook = scheme.load("event-muc4")
    task = task_of(codebook, codebook.question("incidents"), {})
    model = Keywords(task, 0)
    texts = {
        "ATTACK": "Two men shot the judge.",
        "BOMBING": "A car bomb exploded.",
        "KIDNAPPING": "The kidnappers want a ransom.",
        "ARSON": "They set fire to nine buses.",
        "ROBBERY": "They robbed the bank.",
        "FORCED WORK STOPPAGE": "The rebels called an armed strike.",
        "HIJACKING": "The airliner was hijacked.",
        "NO_INCIDENT": "The congress debated the law.",
    }
    answers = model.decide(model.shares(framed(list(texts.values())), Shared()))
    assert answers == [(label,) for label in texts]


def test_thresholds_are_learnt_from_training_rows() -> None:
    rows = articles(80, seed=1)
    task = _task(
        "multiple",
        Label(name="FIRE", definition="x", keywords=["burn"]),
        Label(name="THEFT", definition="x", keywords=["steal", "stole", "stolen"]),
        Label(name="FLOOD", definition="x", keywords=["flood"]),
    )
    model = Keywords(task, 0)
    model.fit(rows, Shared())
    assert model.thresholds is not None
    assert model.decide(model.shares(rows, Shared())) == list(rows["labels"])
