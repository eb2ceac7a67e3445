"""The question that an adjudicator answers beside those of the scheme: why the annotators differed."""

from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from pydantic import ValidationError

from goldwire.errors import GoldwireError
from goldwire.labels.page_keys import BOOKMARK_KEYS, SERVER_KEYS
from goldwire.provenance import digest_json
from goldwire.scheme import Label, Question, Rule, Scheme

REASON: Final = "adjudication_reason"
GAP, SLIP, AMBIGUOUS, TEXT = "codebook_gap", "slip", "truly_ambiguous", "text_problem"

# Each with the keys that it would like, the first best.
_LABELS = {
    GAP: (
        "The codebook does not say what to do here, or says two things. Write in the comment what it lacks.",
        "gkb",
    ),
    SLIP: ("The codebook is plain, and somebody overlooked something or hit the wrong key.", "slp"),
    AMBIGUOUS: ("The text can be read in both ways, and no rule of the codebook could settle it.", "amt"),
    TEXT: (
        "The text is cut off, garbled, of another kind or in another language, so that it cannot be coded.",
        "xte",
    ),
}


class AdjudicationScheme(Scheme):
    """A scheme with the question `REASON` after its own. Its hash is that of the scheme without it, since the
    codebook is the same."""

    @property
    def hash(self) -> str:
        fields = self.shown()
        return digest_json({**fields, "questions": fields["questions"][:-1]})


AdjudicationScheme.model_rebuild(_types_namespace={"Rule": Rule})


def with_reason(scheme: Scheme) -> AdjudicationScheme:
    """Return the scheme as an adjudication round asks it. A label of the reason has a key where one is free.

    Raises
    ------
    GoldwireError
        When the scheme has something of the name `REASON`.
    """
    fields = scheme.model_dump(by_alias=True)
    try:
        return AdjudicationScheme.model_validate({**fields, "questions": [*fields["questions"], _question(scheme)]})
    except ValidationError:
        raise GoldwireError(
            f'the scheme has a question or layer "{REASON}", which an adjudication asks by that name',
            where=f"scheme {scheme.name}",
            hint="Give it another name.",
        ) from None


def _question(scheme: Scheme) -> Question:
    taken = {key.lower() for key in [*_keys(scheme), *SERVER_KEYS, *BOOKMARK_KEYS]}
    labels = []
    for name, (definition, wanted) in _LABELS.items():
        keys = [*wanted, *(f"shift+{key}" for key in wanted + ascii_lowercase)]
        hotkey = next((key for key in keys if key not in taken), None)
        taken |= {hotkey} if hotkey else set()
        labels.append(Label(name=name, definition=definition, hotkey=hotkey))
    return Question(
        name=REASON,
        text="Why did the annotators differ?",
        hint="Say more in the comment: it goes into the memo.",
        labels=labels,
    )


def _keys(scheme: Scheme) -> Iterator[str]:
    asked = [*scheme.questions, *(attribute for layer in scheme.mentions for attribute in layer.attributes)]
    labels = [label for question in asked for label in question.labels]
    labels += [label for layer in scheme.mentions for label in layer.labels]
    for label in [*labels, *scheme.relations]:
        yield from _own_keys(label)


def _own_keys(label: Label) -> Iterator[str]:
    if label.hotkey:
        yield label.hotkey
    for child in label.children:
        yield from _own_keys(child)
