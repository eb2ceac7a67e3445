"""Scheme drafts from labelling configurations. Configurations and texts were written for these tests."""

import pytest
import yaml

from drafting import NER_WITH_CHOICES, TEXT, answer, folded, made, short, span
from goldwire.errors import GoldwireError
from goldwire.labels.foreign.answers import prepared
from goldwire.labels.foreign.draft import UNDEFINED, draft
from goldwire.labels.foreign.mapping import mapped


def test_choices_become_a_single_or_a_multiple_question() -> None:
    found = made("""<View>
      <Header value="Read this"/><Text name="doc" value="$body"/>
      <Header value="What is it about?"/><Header value="Take the first paragraph."/>
      <Choices name="topic-1" toName="doc" choice="multiple" required="true">
        <Choice value="Trade &amp; tariffs" hint="Goods across borders" hotkey="t"/><Choice value="Sport" alias="sp"/>
      </Choices>
      <Choices name="tone" toName="doc" choice="single-radio"><Choice value="warm"/>
        <Choice value="cold" hotkey="t"/></Choices>
    </View>""")
    topic, tone = found.scheme.questions
    assert topic.model_dump(exclude_defaults=True) == {
        "name": "topic_1",
        "text": "What is it about?",
        "hint": "Take the first paragraph.",
        "type": "multiple",
        "labels": [
            {"name": "Trade & tariffs", "definition": "Goods across borders", "hotkey": "t"},
            {"name": "sp", "definition": UNDEFINED},
        ],
    }
    assert tone.model_dump(exclude_defaults=True) == {
        "name": "tone",
        "text": "Tone",
        "required": False,
        "labels": [{"name": "warm", "definition": UNDEFINED}, {"name": "cold", "definition": UNDEFINED}],
    }
    assert found.foreign.model_dump(exclude_defaults=True) == {
        "text": "doc",
        "field": "body",
        "controls": {
            "tone": {"kind": "question", "name": "tone", "key": "choices"},
            "topic-1": {"kind": "question", "name": "topic_1", "key": "choices"},
        },
    }
    assert found.remarks == ['topic_1: called "topic-1" in the project']


def test_named_entities_alone_get_a_question_that_is_read_off() -> None:
    found = made("""<View>
      <Labels name="label" toName="text"><Label value="PER" background="red"/><Label value="ORG" hotkey="o"/></Labels>
      <Text name="text" value="$text"/>
    </View>""")
    assert short(found.scheme) == {
        "questions": {"marked": ("single", ["yes", "nothing"])},
        "layers": {"label": (["PER", "ORG"], {})},
        "relations": {},
    }
    assert [label.role for label in found.scheme.questions[0].labels] == ["answer", "negative"]
    assert found.foreign.marked == "marked"


def test_relations_join_all_labels_where_nothing_says_more() -> None:
    found = made("""<View>
      <Relations><Relation value="org:founded_by"/><Relation value="lives in" hint="A home"/></Relations>
      <Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
      <Text name="text" value="$text"/>
    </View>""")
    every = ["Person", "Place"]
    assert short(found.scheme)["relations"] == {"org:founded_by": (every, every), "lives in": (every, every)}
    assert [r.definition for r in found.scheme.relations] == [UNDEFINED, "A home"]
    assert "relations: from and to are all labels, since the project does not restrict them" in found.remarks


def test_a_taxonomy_becomes_a_tree_without_slashes_in_its_names() -> None:
    found = made("""<View><Text name="text" value="$text"/>
      <Taxonomy name="cause" toName="text">
        <Choice value="War/unrest"><Choice value="Siege"/><Choice value="War|unrest"/></Choice>
        <Choice value="Weather" alias="w"><Choice value="Storm"/></Choice>
      </Taxonomy></View>""")
    names = ["War|unrest", "War|unrest/Siege", "War|unrest/War|unrest", "w", "w/Storm"]
    assert short(found.scheme)["questions"] == {"cause": ("tree", names)}
    item = answer("cause", "taxonomy", {"taxonomy": [["War/unrest", "Siege"], ["w"]]})
    assert folded(found, [item]).questions == {"cause": ["War|unrest/Siege", "w"]}


def test_sentiment_with_a_rating_a_number_and_a_note_loses_nothing() -> None:
    found = made("""<View><Text name="text" value="$text"/>
      <Choices name="sentiment" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
      <Rating name="stars" toName="text" maxRating="4"/><Number name="dead" toName="text"/>
      <TextArea name="why" toName="text"/><TextArea name="comment" toName="text"/></View>""")
    assert short(found.scheme)["questions"] == {
        "sentiment": ("single", ["good", "bad"]),
        "stars": ("ordinal", ["1", "2", "3", "4"]),
        "dead": ("text", []),
        "why": ("text", []),
    }
    items = [
        answer("stars", "rating", {"rating": 3}),
        answer("dead", "number", {"number": 12.5}),
        answer("why", "textarea", {"text": ["one", "two"]}),
        answer("comment", "textarea", {"text": ["in passing"]}),
    ]
    read_back = folded(found, items)
    assert read_back.questions == {"sentiment": [], "stars": ["3"], "dead": ["12.5"], "why": ["one", "two"]}
    assert (read_back.comment, read_back.remarks) == ("in passing", [])
    assert "stars: a rating, taken as an ordinal question with the labels 1 to 4" in found.remarks
    assert "dead: a number, taken as text, so that no digit of it is lost" in found.remarks


def test_what_is_asked_about_spans_becomes_attributes_of_their_labels() -> None:
    found = made(NER_WITH_CHOICES)
    assert short(found.scheme)["layers"] == {
        "who": (["Person", "LOC"], {"named": ("single", ["yes"], ["LOC"]), "entity": ("text", [], [])}),
        "cue": (["praise", "Person (cue)"], {"strength": ("ordinal", ["1", "2"], [])}),
    }
    assert found.scheme.mentions[0].attributes[0].text == "Is it named?"
    assert "lost: not taken over: it is asked about a span, and of no label that there is" in found.remarks
    assert 'cue: the label "Person" is "Person (cue)" in the scheme' in found.remarks


def test_a_span_with_several_labels_becomes_several_mentions_with_their_own_answers() -> None:
    found = made(NER_WITH_CHOICES)
    items = [
        span("r1", "cue", 0, 4, ["praise", "Person"]),
        answer("strength", "rating", {"start": 0, "end": 4, "rating": 2}, "r1"),
        span("r2", "who", 42, 52, ["LOC"]),
        answer("named", "choices", {"start": 42, "end": 52, "choices": ["yes"]}, "r2"),
        answer("entity", "textarea", {"start": 42, "end": 52, "text": ["the bay"]}, "r2"),
    ]
    read_back = folded(found, items)
    assert [(m.id, m.layer, m.label, m.text, m.entity, m.attributes) for m in read_back.mentions] == [
        ("r1", "cue", "praise", "Mira", None, {"strength": ["2"]}),
        ("r1~2", "cue", "Person (cue)", "Mira", None, {"strength": ["2"]}),
        ("r2", "who", "LOC", "alder Bay;", "the bay", {"named": ["yes"]}),
    ]
    assert read_back.remarks == []


def test_blocks_within_blocks_say_together_when_a_question_is_asked() -> None:
    found = made("""<View style="display: flex"><View><View><Text name="text" value="$text"/></View></View>
      <View><Choices name="about" toName="text"><Choice value="a war"/><View><Choice value="a vote"/></View></Choices>
        <View visibleWhen="choice-selected" whenTagName="about" whenChoiceValue="a war">
          <View><Choices name="side" toName="text" required="true"><Choice value="ours"/></Choices></View>
        </View></View></View>""")
    side = found.scheme.question("side")
    assert (side.required, side.hint) == (False, "Asked when about is a war.")
    assert short(found.scheme)["questions"]["about"] == ("single", ["a war", "a vote"])


def test_answers_that_stand_in_the_tasks_are_left_out_and_explained() -> None:
    found = made("""<View><Text name="text" value="$text"/><Choices name="which" toName="text" value="$options"/>
      <Choices name="kept" toName="text"><Choice value="x"/></Choices>
      <DateTime name="when" toName="text"/><Ranker name="order" toName="text"/></View>""")
    assert short(found.scheme)["questions"] == {"kept": ("single", ["x"])}
    assert found.remarks == [
        "which: not taken over: <Choices> takes its answers from the tasks or from another server: a scheme has them "
        "all",
        "when: not taken over: <DateTime> has no counterpart in a scheme",
        "order: not taken over: <Ranker> has no counterpart in a scheme",
    ]
    for remark in found.remarks:
        assert f"\n# - {remark}\n" in found.text


def test_choices_that_nest_become_a_tree() -> None:
    found = made("""<View><Text name="text" value="$text"/><Choices name="place" toName="text" allowNested="true">
      <Choice value="sea"><Choice value="bay"/></Choice><Choice value="land"/></Choices></View>""")
    assert short(found.scheme)["questions"] == {"place": ("tree", ["sea", "sea/bay", "land"])}
    item = answer("place", "choices", {"choices": [["sea", "bay"]]})
    assert folded(found, [item]).questions == {"place": ["sea/bay"]}


def test_labels_of_html_text_keep_their_own_key() -> None:
    found = made("""<View><HyperTextLabels name="ner" toName="text"><Label value="Person"/></HyperTextLabels>
      <Text name="text" value="$text"/></View>""")
    value = {"start": 0, "end": 4, "text": "Mira", "hypertextlabels": ["Person"]}
    read_back = folded(found, [answer("ner", "hypertextlabels", value, "r1")])
    assert [(m.label, m.text) for m in read_back.mentions] == [("Person", "Mira")]
    assert read_back.questions == {"marked": ["yes"]}


@pytest.mark.parametrize(
    ("config_xml", "message"),
    [
        ('<View><Image name="i" value="$i"/></View>', "images"),
        ('<View><Text name="t" value="$t"/><Audio name="a" value="$a"/></View>', "audio"),
        ('<View><Paragraphs name="d" value="$d"/></View>', "dialogue"),
        ('<View><Header value="$text"/></View>', "shows no text"),
        ('<View><Text name="t" value="Read this"/></View>', "written into the configuration"),
        ('<View><Text name="t" value="$t" valueType="url"/></View>', "addresses of texts"),
        ('<View><Text name="t" value="$t"/></View>', "asks nothing"),
        ('<View><Text name="t" value="$t"/><Pairwise name="p" toName="t,t"/></View>', "asks nothing"),
        ("<View>", "not valid XML"),
    ],
)
def test_a_project_that_is_not_for_text_is_refused_with_the_reason(config_xml: str, message: str) -> None:
    with pytest.raises(GoldwireError, match=message):
        draft(config_xml, "A project")


def test_the_text_is_the_one_on_which_spans_are_marked_or_the_one_that_is_named() -> None:
    config_xml = """<View><Text name="claim" value="$claim"/><Text name="body" value="$body"/>
      <Labels name="m" toName="body"><Label value="x"/></Labels>
      <Choices name="c" toName="claim"><Choice value="x"/></Choices></View>"""
    found = draft(config_xml, "t")
    assert (found.foreign.field, found.foreign.target, found.scheme.unit) == ("body", "claim", "target")
    other = draft(config_xml, "t", text_field="claim")
    assert (other.foreign.field, other.foreign.target, other.scheme.unit) == ("claim", None, "document")
    assert other.remarks == ["m: not taken over: <Labels> marks spans in body, which is not the text"]
    with pytest.raises(GoldwireError, match='no field "headline"'):
        draft(config_xml, "t", text_field="headline")


def test_odd_titles_names_and_labels_still_give_a_scheme() -> None:
    found = made(
        """<View><Text name="text" value="$text"/>
        <Choices name="comment" toName="text"><Choice value=" spaced "/><Choice value=""/><Choice value="$5: cheap"/>
          <Choice value="yes"/><Choice value="yes"/><Choice value="null"/><Choice value="a, b"/></Choices>
        <Choices name="что" toName="text"><Choice value="да"/></Choices>
        <Choices name="42" toName="text"><Choice value="x"/></Choices></View>""",
        "«Проект»\n# 7\u0007",
    )
    assert found.scheme.name == "project-7"
    assert found.scheme.title == "«Проект» # 7"
    assert short(found.scheme)["questions"] == {
        "comment_2": ("single", ["spaced", "$5: cheap", "yes", "null", "a, b"]),
        "q": ("single", ["да"]),
        "q_42": ("single", ["x"]),
    }
    assert folded(found, [answer("comment", "choices", {"choices": [" spaced "]})]).questions["comment_2"] == [
        "spaced"
    ]


def test_the_head_of_a_draft_says_what_to_fill_in() -> None:
    text = made(NER_WITH_CHOICES, "People & places").text
    head, _, body = text.partition("\n\nname:")
    assert all(line.startswith("#") or not line for line in head.splitlines())
    assert 'the Label Studio project "People & places"' in head
    assert "goldwire labels scheme validate people-places" in head
    assert "&id" not in body
    assert yaml.safe_load(text)["version"] == "0.1.0"


def test_a_label_that_the_project_lost_is_left_out_and_named() -> None:
    found = made(NER_WITH_CHOICES)
    items = [span("r1", "who", 0, 4, ["Ship"]), answer("named", "choices", {"choices": ["no"]}, "r1")]
    got = prepared(items, TEXT, found.foreign, mapped(found.foreign, found.scheme))
    assert [item["from_name"] for item in got.items] == ["marked"]
    assert got.items[0]["value"] == {"choices": ["nothing"]}
    assert got.remarks == [
        '"Ship" is no label of who: left out',
        "span r1 has no label that the scheme has: left out",
        '"no" is no label of named: left out',
    ]
