"""The card says what the data say, has no empty section, and admits what was not stated."""

import re

import pyarrow as pa
import pytest

from carded import AGREEMENT, FULL, SCHEME, empty, header, make, rows, sections
from goldwire import tables

NAMES = [
    "top", "Contents", "Loading", "Tasks", "Sources", "Sampling", "Annotators and process", "Agreement",
    "How gold was decided", "Splits", "Checks", "Limits", "Personal data", "Datasheet", "Licence", "Citation",
    "Signature",
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        make(),
        make({"card": FULL}, agreement=AGREEMENT, left_out=["a9"]),
        make(data=empty()),
        make(data=empty(), schemes=[]),
    ],
    ids=["nothing stated", "all stated", "no rows", "no scheme"],
)
def test_no_section_is_empty(text: str) -> None:
    found = sections(text)
    assert list(found) == NAMES
    for name, body in found.items():
        blocks = re.split(r"^#+ .+$", body, flags=re.MULTILINE)
        assert re.search(r"\w{3}", blocks[-1]), name
        assert not re.search(r"^\|[-:|]+\|\n(?!\|)", body, flags=re.MULTILINE), f"{name} has a table without rows"
    assert not re.search(r"[ \t]$|\n\n\n\n", text, flags=re.MULTILINE)
    assert "None" not in text


def test_the_header_is_what_the_hub_reads() -> None:
    text = make({"card": FULL, "version": "0.3.0"}, header={"configs": [{"config_name": "gold"}], "dataset_info": []})
    assert header(text) == {
        "pretty_name": "Ports: for & against",
        "version": "0.3.0",
        "language": ["en"],
        "multilinguality": ["monolingual"],
        "license": "cc-by-4.0",
        "task_categories": ["text-classification", "token-classification"],
        "tags": ["news", "stance-tiny", "annotator-disagreement", "label-studio", "goldwire"],
        "size_categories": ["n<1K"],
        "configs": [{"config_name": "gold"}],
        "dataset_info": [],
    }


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("", {"license": "unknown"}),
        ("unknown", {"license": "unknown"}),
        ("Apache-2.0", {"license": "apache-2.0"}),
        ("ODbL-1.0", {"license": "odbl"}),
        (
            "© Meridian Wire, all rights reserved",
            {"license": "other", "license_name": "meridian-wire-all-rights-reserved"},
        ),
    ],
)
def test_a_licence_stands_under_the_name_the_hub_has_for_it(licence: str, expected: dict[str, str]) -> None:
    found = header(make({"card": {"licence": licence}}))
    assert {name: value for name, value in found.items() if name.startswith("license")} == expected


def test_what_people_stated_stands_in_its_section() -> None:
    found = sections(make({"card": FULL}))
    assert found["top"].startswith("# Ports: for & against\n\nStances on ports.\n")
    assert found["Sources"].startswith("\n\nTaken from two wires.\n")
    assert found["Annotators and process"].startswith("\n\nTwo students, paid by the hour.\n")
    assert found["Limits"].startswith("\n\nPorts only.\n")
    assert found["Licence"] == "\n\nCC BY 4.0. Articles may be under terms of their publishers.\n\n"
    assert found["Citation"] == (
        "\n\n```bibtex\n@misc{ports-for-against,\n  title = {Ports: for \\& against},\n"
        "  author = {Ahmad, A. and Орлов, Б.},\n  note = {Version 0.1.0, data abc}\n}\n```\n\n"
        "CITATION.cff says the same to machines.\n\n"
    )


def test_what_nobody_stated_is_said_to_be_unstated() -> None:
    found = sections(make())
    assert "What the dataset is for was not stated." in found["top"]
    assert found["Sources"].startswith("\n\nHow the articles were chosen and collected was not stated.\n")
    assert found["Annotators and process"].startswith(
        "\n\nWho the annotators are, how they were trained and what they were paid was not stated.\n"
    )
    assert found["Limits"].startswith("\n\nIts makers stated no limits.")
    assert found["Licence"] == "\n\nThe licence was not stated: ask before you use or pass on the texts.\n\n"
    assert (
        found["Citation"] == "\n\nAuthors were not stated. Cite the title, version 0.1.0 and the signature below.\n\n"
    )


def test_tasks_count_labels_by_split() -> None:
    hash_ = SCHEME.hash
    assert (
        sections(make())["Tasks"]
        == f"""

### Stance \\| tiny

Scheme `stance-tiny`, version 1.0.0, hash `{hash_}`. Who is for whom.
What an annotator is shown once is a target in an article.
It follows: A book, 2020.

**`stance`** (single): For or against · As the article says.

| label | definition | train | validation | test |
|---|---|---:|---:|---:|
| favor | For it. | 1 | 0 | 1 |
| mild | For it a bit. | 0 | 0 | 0 |
| against | Against it \\| strongly. | 1 | 0 | 0 |
| *unresolved* | No decision: a tie, or nobody gave an answer but unsure. | 0 | 1 | 0 |

**`topics`** (tree): What about

Who gave a label also gave those above it, and is counted there too.

| label | definition | train | validation | test |
|---|---|---:|---:|---:|
| A | All. | 1 | 0 | 0 |
| A/b | B. | 1 | 0 | 0 |
| A/b/c | C. | 1 | 0 | 0 |
| *none of them* | Decided, and no label fits. | 1 | 0 | 0 |
| *unresolved* | No decision: a tie, or nobody gave an answer but unsure. | 0 | 0 | 0 |

**`why`** (text): Say why

The answer is free text.

**Spans of `evidence`** (evidence): Mark it

| label | definition | train | validation | test |
|---|---|---:|---:|---:|
| evidence | The words. | 1 | 0 | 0 |

"""
    )


def test_merged_labels_are_told_with_what_they_merge() -> None:
    tasks = sections(make({"recode": {"stance-tiny": {"stance": {"mild": "favor"}}}}))["Tasks"]
    assert "Labels were merged after labelling: mild became favor.\n" in tasks
    assert "| favor | Merged: (favor) For it. (mild) For it a bit. | 1 | 0 | 1 |\n" in tasks
    assert "| mild |" not in tasks
    data = rows()
    label = data["mentions"].column_names.index("label")
    data["mentions"] = data["mentions"].set_column(label, "label", pa.array(["words"]))
    tasks = sections(make({"recode": {"stance-tiny": {"evidence": {"evidence": "words"}}}}, data))["Tasks"]
    assert "| words | Merged: (evidence) The words. | 1 | 0 | 0 |\n" in tasks


def test_sources_are_counted() -> None:
    assert (
        sections(make())["Sources"]
        == """

How the articles were chosen and collected was not stated.

There are 5 articles in 5 stories (near-duplicates count as one story).
They were published from 2024-01-02 to 2024-01-05, but for 1 without a date.
Languages: en 5.

| outlet | articles |
|---|---:|
| East \\| West | 4 |
| *not known* | 1 |

"""
    )


def test_limits_name_labels_that_are_scarce_in_test_and_units_answered_once() -> None:
    once, *scarce = sections(make())["Limits"].split("\n\n", 2)[2].splitlines()
    assert once.startswith("- 1 of 4 answered units have the answer of one annotator only:")
    assert scarce == [
        "- Labels with fewer than 10 units in test are too few for a figure of their own:",
        "  stance-tiny.stance, 3 of 3: favor (1), mild (0), against (0);",
        "  stance-tiny.topics, 3 of 3: A (0), A/b (0), A/b/c (0).",
        "- Annotators answered what an article says. Whether that is true was not asked.",
        "",
    ]


def test_units_without_a_split_are_counted_nowhere() -> None:
    data = rows()
    data["splits"] = tables.build("splits", [{"unit_id": "a1", "split": "train"}, {"unit_id": "a2", "split": "test"}])
    found = sections(make(data=data))
    assert "It holds 2 labelled units from 5 news articles." in found["top"]
    assert "| stance-tiny.stance | 1 | 1 | 0 | 0 | 0 | 0 |\n" in found["How gold was decided"]
    assert "Answers a unit has: 2 (2 units).\n" in found["Annotators and process"]


def test_the_signature_is_printed_as_it_is() -> None:
    assert "```\ngoldwire:9|data:1|seed:0\n```" in sections(make(signature="goldwire:9|data:1|seed:0"))["Signature"]


def sampled(probabilities: dict[str, float], count: int = 1) -> dict[str, pa.Table]:
    """The same data `count` times over, each time in stories of its own, with these probabilities."""
    data = rows()
    for name in ("articles", "units", "gold", "splits"):
        copies = [
            {
                key: f"{value}.{copy}" if key in ("article_id", "unit_id", "story_id") else value
                for key, value in row.items()
            }
            for copy in range(count)
            for row in data[name].to_pylist()
        ]
        data[name] = tables.build(name, copies)
    units = data["units"].to_pylist()
    chances = [{**unit, "probability": probabilities.get(unit["article_id"].split(".")[0])} for unit in units]
    empty = ("votes", "mentions", "relations")
    return {**data, "units": tables.build("units", chances), **{n: data[n].schema.empty_table() for n in empty}}


def test_where_articles_were_sampled_the_card_estimates_shares_in_the_corpus() -> None:
    from goldwire.stats.survey import rates

    chances = {"a1": 0.5, "a2": 0.1, "a3": 0.25, "a4": 1.0}
    tasks = sections(make({"eval": {"level": 0.9}}, sampled(chances, 10)))["Tasks"]
    # Weights 2, 10, 4, 1: favor (a1, a4) 3 of 17, against (a2) 10 of 17, unresolved (a3) 4 of 17.
    labels = [["favor"], ["against"], ["unresolved"], ["favor"]] * 10
    found = rates(labels, [0.5, 0.1, 0.25, 1.0] * 10, level=0.9)
    shown = {name: f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}]" for name, share in found.items()}
    assert {name: text[:5] for name, text in shown.items()} == {
        "favor": "0.176", "against": "0.588", "unresolved": "0.235",
    }  # fmt: skip
    table = tasks[tasks.index("| label |") : tasks.index("**`topics`**")]
    lines = table.splitlines()
    assert lines[:3] == [
        "| label | definition | train | validation | test | in the corpus |",
        "|---|---|---:|---:|---:|---:|",
        f"| favor | For it. | 10 | 0 | 10 | {shown['favor']} |",
    ]
    assert lines[3].startswith("| mild | For it a bit. | 0 | 0 | 0 | 0.000 [0.000, 0.")
    assert lines[4:6] == [
        f"| against | Against it \\| strongly. | 10 | 0 | 0 | {shown['against']} |",
        "| *unresolved* | No decision: a tie, or nobody gave an answer but unsure. | 0 | 10 | 0 | "
        f"{shown['unresolved']} |",
    ]
    assert "(Hájek), with 90% intervals by story" in tasks
    topics = tasks[tasks.index("**`topics`**") :]  # a1 has A/b/c, a2 none of them: 2 and 10 of 12
    assert "| A/b | B. | 10 | 0 | 0 | 0.167 [" in topics
    assert "| *none of them* | Decided, and no label fits. | 10 | 0 | 0 | 0.833 [" in topics


def test_copies_of_a_story_are_one_cluster_of_the_estimate() -> None:
    data = sampled({"a1": 0.5, "a2": 0.5, "a3": 0.5, "a4": 0.5}, 10)
    place = data["articles"].column_names.index("story_id")
    alone = sections(make(data=data))["Tasks"]
    data["articles"] = data["articles"].set_column(place, "story_id", pa.array(["s"] * data["articles"].num_rows))
    joined = sections(make(data=data))["Tasks"]
    assert re.search(r"\| favor .* 0\.500 \[0\.\d{3}, 0\.\d{3}\] \|\n", alone)
    assert re.search(r"\| favor .* 0\.500 \|\n", joined)  # one cluster has no interval


def test_where_every_article_was_taken_the_card_estimates_nothing() -> None:
    certain = make(data=sampled({"a1": 1.0, "a2": 1.0, "a3": 1.0, "a4": 1.0}))
    unknown = make(data=sampled({}))
    assert sections(certain).pop("Sampling") == "\n\nNo sample was drawn: every unit has the `probability` 1.\n\n"
    assert sections(unknown)["Sampling"] == (
        "\n\nWith which chances the labelled articles were drawn is not recorded, "
        "so no share in the corpus can be estimated.\n\n"
    )
    assert sections(certain) | {"Sampling": ""} == sections(unknown) | {"Sampling": ""}
    assert "in the corpus" not in certain.lower()


def test_how_a_sample_was_drawn_is_told_for_each_round() -> None:
    design = {"n": 4, "by": ["outlet", "month"], "allocation": "equal", "keywords": ["a | b", "c"], "boost": 2.5}
    design |= {"one_per_story": True, "seed": 7, "population": 90, "sampled": 4}
    plain = {"n": 20, "by": [], "allocation": "proportional", "keywords": [], "boost": None, "one_per_story": False}
    plain |= {"seed": 0, "population": 100, "sampled": 20}
    card = make(data=sampled({"a1": 0.5}), samples={"second": [plain, design], "first": [plain]})
    assert (
        "drawn alike.\n\n"
        "- Round first: 20 of 100 articles (seed 0).\n"
        "- Round second: 20 of 100 articles (seed 0), then 4 of 90 stories; one article of each; by outlet and "
        'month, as many from each; those with "a \\| b", "c" 2.5 times as often (seed 7).\n\n'
        "| probability |"
    ) in sections(card)["Sampling"]


def test_a_sample_is_told_by_its_chances() -> None:
    assert sections(make(data=sampled({"a1": 0.5, "a2": 0.1, "a3": 0.1})))["Sampling"] == (
        """

The articles are a sample: `probability` is the chance with which a unit's article was drawn. Divide by it to weight a
unit. Articles with the same chance were drawn alike.
By which strata and keywords is not recorded here.

| probability | labelled units |
|---:|---:|
| 0.5 | 1 |
| 0.1 | 2 |
| *not recorded* | 1 |

"""
    )
