"""What a scheme holds, listed."""

from collections.abc import Iterator

from goldwire.scheme import Label, Question, Scheme


def walk(labels: list[Label]) -> Iterator[Label]:
    for label in labels:
        yield label
        yield from walk(label.children)


def asked(found: Scheme) -> Iterator[Question]:
    yield from found.questions
    for layer in found.mentions:
        yield from layer.attributes


def every_label(found: Scheme) -> Iterator[Label]:
    for question in asked(found):
        yield from walk(question.labels)
    for layer in found.mentions:
        yield from layer.labels
    yield from found.relations


def spans(found: Scheme, layer: str) -> list[Label]:
    return next(item for item in found.mentions if item.name == layer).labels
