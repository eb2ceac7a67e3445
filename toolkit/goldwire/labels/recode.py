"""The recoding of params.yaml: checked against the schemes, and applied to a mention or a relation."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.scheme import Scheme


def recoded_row(row: dict[str, Any], recodes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return a row of vote_mentions or vote_relations with its label and its attributes' labels recoded.

    Parameters
    ----------
    row : dict
        With question, label and attributes (JSON, or None).
    recodes : mapping
        Layer, attribute or "relation" -> old label -> new label: the part of `ballots.Recode` for one scheme.
    """
    label = recodes.get(row["question"], {}).get(row["label"], row["label"])
    attributes = {
        name: [recodes.get(name, {}).get(one, one) for one in labels]
        for name, labels in json.loads(row["attributes"] or "{}").items()
    }
    return {**row, "label": label, "attributes": json.dumps(attributes, ensure_ascii=False)}


def by_scheme(
    recode: Mapping[str, Mapping[str, Mapping[str, str]]] | Mapping[str, str] | None,
) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return a recode of the votes table as it is, once its levels are known to be there."""
    levels = {**(recode or {})}
    if wrong := [name for name, questions in levels.items() if not isinstance(questions, Mapping)]:
        raise GoldwireError(
            f'"{wrong[0]}" is not a scheme of the recoding', hint="It is: scheme, question, old label, new."
        )
    return levels  # type: ignore[return-value]


def check_recode(
    recode: Mapping[str, Mapping[str, Mapping[str, str]]], schemes: Mapping[str, Scheme], file: Path
) -> None:
    """Raise where a recoding is of something that is not there: it would be silently without effect.

    Parameters
    ----------
    recode : mapping
        Scheme -> question -> old label -> new label.
    schemes : mapping
        The schemes of the votes, by name.
    file : Path
        Where the recoding stands, for the message.

    Raises
    ------
    GoldwireError
        The message names the field.
    """
    for name, questions in recode.items():
        if name not in schemes:
            raise GoldwireError(
                f'there are no votes with the scheme "{name}"', where=f"{file}: recode.{name}", hint="Mend its name."
            )
        for question, labels in questions.items():
            known = _labels(schemes[name]).get(question)
            if known is None:
                raise GoldwireError(
                    f'scheme {name} has no "{question}"',
                    where=f"{file}: recode.{name}.{question}",
                    hint=f"It has: {', '.join(_labels(schemes[name]))}",
                )
            if unknown := sorted(set(labels) - known):
                raise GoldwireError(
                    f'"{unknown[0]}" is no label of {question}',
                    where=f"{file}: recode.{name}.{question}",
                    hint=f"It has: {', '.join(sorted(known))}",
                )


def _labels(scheme: Scheme) -> dict[str, set[str]]:
    """Everything that can be recoded: questions, layers, attributes, relations, each with its labels."""
    found = {question.name: set(question.label_names()) for question in scheme.questions}
    for layer in scheme.mentions:
        found[layer.name] = {label.name for label in layer.labels}
        for attribute in layer.attributes:
            found.setdefault(attribute.name, set()).update(attribute.label_names())
    if scheme.relations:
        found["relation"] = {relation.name for relation in scheme.relations}
    return found
