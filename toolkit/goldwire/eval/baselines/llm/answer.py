"""What an LLM answered: read strictly, and turned into shares of labels."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.eval.task import Answer, Task

_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*)\n\s*```\s*", re.DOTALL)
_DIGITS = 6

Tokens = Sequence[tuple[str, Sequence[tuple[str, float]]]]
"""The parts of an answer, each with what could have stood there and its log-probability."""


def parse(content: str | None, task: Task) -> Answer | None:
    """Return the answer, or None for what is none.

    It is a JSON object with the one key asked for, alone or in one code fence, and labels of the question only: no
    label twice, and the negative one beside no other.
    """
    if content is None:
        return None
    fenced = _FENCE.fullmatch(content)
    try:
        value = json.loads(fenced[1] if fenced else content)
    except (ValueError, RecursionError):
        return None
    key = "labels" if task.several else "label"
    if not isinstance(value, dict) or set(value) != {key}:
        return None
    labels = value[key] if task.several else [value[key]]
    if not isinstance(labels, list) or not all(isinstance(x, str) and x in task.labels for x in labels):
        return None
    if len(set(labels)) < len(labels) or (task.negative in labels and len(labels) > 1):
        return None
    return tuple(sorted(labels, key=task.labels.index))


def shares(task: Task, answer: Answer, tokens: Tokens) -> dict[str, float] | None:
    """Return the share of each label by the probabilities of the answer's tokens, for a question with one answer.

    Looked at are the tokens with which the answer parts from the other labels, and what else could have stood there.
    None where that cannot be told: several answers, no tokens, what could have begun either of two other labels, or
    shares by which another label leads.
    """
    text = "".join(token for token, _ in tokens)
    if task.several or not text:
        return None
    (label,) = answer
    begins = text.rfind(json.dumps(label, ensure_ascii=False)) + 1  # after the quotation mark
    mass, rest, at = dict.fromkeys(task.labels, 0.0), 1.0, 0
    for token, others in tokens:
        start, at = at, at + len(token)
        if not begins or at <= begins:
            continue
        lead, before = text[start:begins], text[begins:start]  # one of them is empty
        found = _fitting(task, lead, before, others)
        total = sum(found.values())
        said = _fits(task, text[begins:at])
        if total == 0 or any(len(fits) > 1 and fits != said for fits in found):
            return None
        for fits, share in found.items():
            if len(fits) == 1:
                mass[fits[0]] += rest * share / total
        rest *= found.get(said, 0.0) / total
        if len(said) == 1:
            leads = max(mass, key=lambda one: mass[one])
            return {one: round(share, _DIGITS) for one, share in mass.items()} if leads == label else None
    return None


def _fitting(task: Task, lead: str, before: str, others: Sequence[tuple[str, float]]) -> dict[tuple[str, ...], float]:
    """Return which labels each token that could stand at one place begins or goes on with, with its probability."""
    found: dict[tuple[str, ...], float] = {}
    for token, logprob in others:
        if token.startswith(lead) and (fits := _fits(task, before + token[len(lead) :])):
            found[fits] = found.get(fits, 0.0) + math.exp(logprob)
    return found


def _fits(task: Task, begun: str) -> tuple[str, ...]:
    """Return the labels that a text begins, or that it has said to the end."""
    ended = [f'{json.dumps(label, ensure_ascii=False)[1:-1]}"' for label in task.labels]
    return tuple(
        label
        for label, whole in zip(task.labels, ended, strict=True)
        if whole.startswith(begun) or begun.startswith(whole)
    )


def tokens_of(choice: Mapping[str, Any]) -> Tokens:
    """Return the tokens of a choice of a chat completion, or none where the endpoint gave none it should have."""
    try:
        content = (choice.get("logprobs") or {}).get("content") or []
        return [
            (str(x["token"]), [(str(y["token"]), float(y["logprob"])) for y in x["top_logprobs"]]) for x in content
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []
