"""Labelling configurations, the schemes drafted from them, and answers read under these."""

from functools import cache
from typing import Any

from goldwire.labels.fold import results
from goldwire.labels.foreign.answers import prepared
from goldwire.labels.foreign.draft import Draft, draft
from goldwire.labels.foreign.mapping import mapped
from goldwire.labels.interface import config
from goldwire.scheme import Scheme, load, parse, shipped

NER_WITH_CHOICES = """<View>
  <Labels name="who" toName="text"><Label value="Person"/><Label value="Place" alias="LOC"/></Labels>
  <Labels name="cue" toName="text" choice="multiple"><Label value="praise"/><Label value="Person"/></Labels>
  <Text name="text" value="$text"/>
  <View visibleWhen="region-selected" whenTagName="who">
    <Header value="Is it named?"/>
    <Choices name="named" toName="text" perRegion="true" whenLabelValue="Place"><Choice value="yes"/></Choices>
    <TextArea name="entity" toName="text" perRegion="true"/>
  </View>
  <Rating name="strength" toName="text" perRegion="true" whenTagName="cue" maxRating="2"/>
  <Choices name="lost" toName="text" perRegion="true" whenLabelValue="Ship"><Choice value="yes"/></Choices>
</View>"""

TEXT = "Mira Tolven praised the harbour board of Calder Bay; Ondria’s envoy 😀 did not, and left for Karsund."
SCHEMES = {name: load(name) for name in shipped()}


@cache
def drafted(name: str) -> Draft:
    return draft(config(SCHEMES[name]), SCHEMES[name].title, name=name)


def made(config_xml: str, title: str = "A project") -> Draft:
    found = draft(config_xml, title)
    assert parse(found.text, "draft.yaml") == found.scheme
    mapped(found.foreign, found.scheme)
    return found


def short(scheme: Scheme) -> dict[str, Any]:
    """Questions as name: (type, labels); layers as name: (labels, attributes); relations as name: (from, to)."""
    return {
        "questions": {q.name: (q.type, list(q.label_names())) for q in scheme.questions},
        "layers": {
            layer.name: (
                [label.name for label in layer.labels],
                {a.name: (a.type, list(a.label_names()), a.applies_to) for a in layer.attributes},
            )
            for layer in scheme.mentions
        },
        "relations": {r.name: (r.from_, r.to) for r in scheme.relations},
    }


# the configurations, as Label Studio's templates are shaped


def answer(name: str, kind: str, value: dict[str, Any], region: str = "q1") -> dict[str, Any]:
    return {"id": region, "from_name": name, "to_name": "text", "type": kind, "value": value}


def span(region: str, name: str, start: int, end: int, labels: list[str], words: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end] if words is None else words, "labels": labels}
    return answer(name, "labels", value, region)


def folded(found: Draft, items: list[dict[str, Any]]) -> results.Answer:
    names = mapped(found.foreign, found.scheme)
    got = prepared(items, TEXT, found.foreign, names)
    assert got.remarks == []
    return results.read(got.items, found.scheme, names, TEXT)
