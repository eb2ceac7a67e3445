"""From a scheme to the manual that annotators train with: one Markdown text, made of the scheme alone."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from goldwire.labels.page_keys import BOOKMARK_KEYS, SERVER_KEYS, bookmark
from goldwire.scheme import Label, MentionLayer, Question, Scheme

# A scheme about texts, or targets in them, can be asked about articles, paragraphs or sentences: a round decides.
_SHOWN = {
    "document": "an article, or a part of one",
    "target": "an article or a part of one, a holder and a target",
    "headline": "an article and a headline",
    "paragraph": "a paragraph of an article, or more or less of one",
    "sentence": "a sentence of an article, or more of one",
}
_HOW = {
    "single": "Choose one.",
    "multiple": "Choose all that fit.",
    "tree": "Choose as far down the tree as the text lets you; the hint says whether one answer or several.",
    "ordinal": "Choose one; the answers go from low to high.",
    "text": "Write a few words.",
}
_WITHOUT_MOUSE = """\
Answers, trees, text boxes and submitting need keys alone: Tab leads to what has no key, and away from a text box, in
which the page's keys do not work. Label Studio lets only a pointer mark words, relate two spans and name a relation;
a bookmark puts these on two keys. Make a bookmark with this address and a short name:

```text
{bookmark}
```

1. Open the tasks with "Label All Tasks": in the list of tasks, Shift with an arrow key leaves the task.
2. Each time that the page has been loaded, choose the bookmark: in the address bar, by its name. Nothing shows.
3. Turn on the text caret (`f7` in Chromium and its kin); it goes through the page with the arrow keys. To come to a
   word at once, search for it (`ctrl+f`) and close the search. In words that run from right to left, the left arrow
   goes on; Shift with the right arrow selects onward in every script.
4. To mark: press the label's key, select with Shift and the arrow keys, press `f8`.
5. To be asked about a span: put the caret into it and press `f8`, or go from span to span with `alt+.`.
6. To relate: select the first span, press `alt+r`, put the caret into the second, press `f8`. `f9` opens the list of
   relations; choose with the arrow keys and Enter.

Without the bookmark, the mouse keys of the operating system do what a mouse does."""


def manual(scheme: Scheme) -> str:
    """Return the annotators' manual as Markdown.

    Parameters
    ----------
    scheme : Scheme
        Any scheme; parts that it does not have are left out.

    Returns
    -------
    str
        Steps, rules, questions, spans, relations, keys and sources, ended by one line end; equal schemes give equal
        text, and the hash in it is the scheme's own.
    """
    parts = [
        f"# {_flat(scheme.title)}",
        f"Scheme `{scheme.name}`, version {scheme.version}, hash `{scheme.hash}`.",
        _flat(scheme.description),
        *_steps(scheme),
        *_rules(scheme),
        "## Questions",
        *(part for question in scheme.questions for part in _question(question, 3)),
        *_mentions(scheme.mentions),
        *_relations(scheme),
        *_keys(scheme),
        *_without_mouse(scheme),
    ]
    if scheme.sources:
        parts += ["## Sources", "\n".join(f"- {_flat(source)}" for source in scheme.sources)]
    return "\n\n".join(parts) + "\n"


def _steps(scheme: Scheme) -> Iterator[str]:
    steps = [f"You are shown {_SHOWN[scheme.unit]}. Read all of it before you answer."]
    steps += [f"{_flat(question.text)}{_optional(question)}" for question in scheme.questions]
    steps += [_stop(layer.text) for layer in scheme.mentions]
    if scheme.relations:
        names = ", ".join(relation.name for relation in scheme.relations)
        steps.append(f"Link the marked spans ({names}).")
    steps.append("Write a comment where the scheme asks for one, or where the next reader should know why. Submit.")
    yield "## What you do"
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _rules(scheme: Scheme) -> Iterator[str]:
    if scheme.rules:
        yield "## Rules"
    for rule in scheme.rules:
        yield f"### {_flat(rule.title)}"
        yield _flat(rule.text)
        if rule.example:
            yield f"> {_flat(rule.example)}"


def _question(question: Question, level: int, about: str = "") -> Iterator[str]:
    yield f"{'#' * level} {question.name}{about}: {_flat(question.text)}"
    yield _HOW[question.type] + (" " + _flat(question.hint) if question.hint else "") + _optional(question)
    if question.type == "tree":
        yield "\n".join(_tree(question.labels, 0))
    else:
        yield from _labels(question.labels)
    for label in question.labels:
        if label.role == "negative":
            yield f"`{label.name}` is an answer; leaving the question open does not say the same."
        elif label.role == "unsure":
            yield f"`{label.name}` abstains: it is kept, and counts neither for nor against another answer."


def _tree(labels: list[Label], depth: int) -> Iterator[str]:
    for label in labels:
        example = f" *{_flat(label.example)}*" if label.example else ""
        yield f"{'  ' * depth}- `{label.name}`{_key(label)}: {_flat(label.definition)}{example}"
        yield from _tree(label.children, depth + 1)


def _labels(labels: list[Label]) -> Iterator[str]:
    """One table for each run of labels under the same heading; a column that would be empty is left out."""
    keys = any(label.hotkey for label in labels)
    for group, run in groupby(labels, key=lambda label: label.group):
        if group:
            yield f"**{_flat(group)}**"
        head = ["Label", *(["Key"] if keys else []), "When", "Example"]
        rows = [
            [
                f"`{label.name}`",
                *([f"`{label.hotkey}`" if label.hotkey else ""] if keys else []),
                label.definition,
                label.example or "",
            ]
            for label in run
        ]
        yield _table(head, rows)


def _mentions(layers: list[MentionLayer]) -> Iterator[str]:
    if layers:
        yield "## Spans"
        yield "Choose the label, then mark the words: from the first letter to the last, without the spaces around."
    for layer in layers:
        yield f"### {layer.name}: {_flat(layer.text)}"
        if layer.hint:
            yield _flat(layer.hint)
        yield from _labels(layer.labels)
        if layer.attributes:
            yield "Select a marked span to be asked about it:"
        for attribute in layer.attributes:
            about = f" ({', '.join(attribute.applies_to)})" if attribute.applies_to else ""
            yield from _question(attribute, 4, about)


def _relations(scheme: Scheme) -> Iterator[str]:
    if scheme.relations:
        yield "## Relations"
        yield "Select the first span, draw to the second, then name the relation."
        rows = [
            [f"`{r.name}`", _ends(r.from_, scheme), _ends(r.to, scheme), r.definition, r.example or ""]
            for r in scheme.relations
        ]
        yield _table(["Relation", "From", "To", "When", "Example"], rows)


def _ends(labels: list[str], scheme: Scheme) -> str:
    """Name the labels at one end of a relation; "any" stands for all labels of a layer that has several."""
    left = list(dict.fromkeys(labels))
    found = []
    for layer in scheme.mentions:
        names = [label.name for label in layer.labels]
        if len(names) > 1 and set(names) <= set(left):
            found.append(f"any {layer.name}")
            left = [name for name in left if name not in names]
    return ", ".join(found + left)


def _keys(scheme: Scheme) -> Iterator[str]:
    named = [(question.name, question.labels) for question in scheme.questions]
    for layer in scheme.mentions:
        named.append((layer.name, layer.labels))
        named += [(attribute.name, attribute.labels) for attribute in layer.attributes]
    rows = [[f"`{label.hotkey}`", name, label.name] for name, labels in named for label in _keyed(labels)]
    rows += [[f"`{key}`", "the page", what] for key, what in SERVER_KEYS.items() if what]
    rows += [[f"`{key}`", "the bookmark", what] for key, what in BOOKMARK_KEYS.items() if scheme.mentions]
    yield "## Keys at a glance"
    yield _table(["Key", "Where", "What"], rows)


def _without_mouse(scheme: Scheme) -> Iterator[str]:
    if scheme.mentions:
        yield "## Without a mouse"
        yield _WITHOUT_MOUSE.format(bookmark=bookmark())


def _keyed(labels: list[Label]) -> Iterator[Label]:
    for label in labels:
        if label.hotkey:
            yield label
        yield from _keyed(label.children)


def _optional(question: Question) -> str:
    return "" if question.required else " May be left open."


def _key(label: Label) -> str:
    return f" (key `{label.hotkey}`)" if label.hotkey else ""


def _stop(text: str) -> str:
    text = _flat(text)
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_flat(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _flat(text: str) -> str:
    """Scheme texts may be broken over lines; a heading or a table row may not."""
    return " ".join(text.split())
