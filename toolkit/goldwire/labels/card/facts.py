"""What the dataset card says about the data, counted from the configs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from goldwire.labels.card.rates import EMPTY, UNRESOLVED, in_corpus
from goldwire.labels.dataset.configs import label_names, question_columns
from goldwire.labels.rounds import ADJUDICATION
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Label, Scheme
from goldwire.study import Params

FEW = 10  # units of a label in test; an interval over fewer says little
_SHOWN = 20  # rows of the table of outlets
_WITHIN = {"target": " in an article", "paragraph": " of an article", "sentence": " of an article"}
_DECIDED = ("unanimous", "majority", "aggregated", "adjudicated", "unresolved")


def of_scheme(scheme: Scheme, tables: Mapping[str, pa.Table], params: Params) -> dict[str, Any]:
    """Return what the card says about a scheme: questions, layers and relations, with the counts of their labels.

    Counts are per split, in the order of `SPLITS`. In a tree, who has B/x also has B. Where articles were sampled,
    each question has "rates", the estimated shares in the corpus; see `card_rates.in_corpus`.
    """
    columns_of_gold = ["split", "labels", "decided_by", "probability", "article_id"]
    stories = dict(zip(*(tables["articles"][name].to_pylist() for name in ("article_id", "story_id")), strict=True))
    columns = question_columns(scheme)
    recodes = params.recode.get(scheme.name, {})
    questions = []
    for question in scheme.questions:
        recode = recodes.get(question.name, {})
        counts: Counter[tuple[str, str | None]] = Counter()
        empty: Counter[str] = Counter()
        unresolved: Counter[str] = Counter()
        answers = _rows(tables["gold"], scheme.name, question.name, columns_of_gold)
        given: list[set[str]] = []
        for row in answers:
            found = set(row["labels"] or [])
            if question.type == "tree":
                found |= {path[:end] for path in found for end, sign in enumerate(path) if sign == "/"}
            counts.update((row["split"], label) for label in found)
            if row["decided_by"] == "unresolved":
                unresolved[row["split"]] += 1
                found = {UNRESOLVED}
            elif not found:
                empty[row["split"]] += 1
                found = {EMPTY}
            given.append(found)
        definitions = {name: question.label(name).definition for name in question.label_names()}
        labels = [
            (name, _definition(definitions, name, recode), _per_split(counts, name))
            for name in label_names(question, recode)
        ]
        questions.append(
            {
                "question": question,
                "column": columns[question.name],
                "recode": recode,
                "labels": labels,
                "empty": [empty[split] for split in SPLITS],
                "unresolved": [unresolved[split] for split in SPLITS],
                "rates": in_corpus(given, answers, stories, [name for name, _, _ in labels], params.eval.level),
            }
        )
    layers = [
        (layer, _marked(layer.labels, tables["mentions"], scheme.name, layer.name, recodes.get(layer.name, {})))
        for layer in scheme.mentions
    ]
    links = _marked(scheme.relations, tables["relations"], scheme.name, None, {})
    shown = _shown(scheme, tables["gold"])
    return {"scheme": scheme, "shown": shown, "questions": questions, "layers": layers, "relations": links}


def scarce(schemes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, list[tuple[str, int]]]]:
    """Yield (question, number of its labels, those with few units in test) from what `of_scheme` returned."""
    test = SPLITS.index("test")
    for scheme in schemes:
        for item in scheme["questions"]:
            few = [(name, counts[test]) for name, _, counts in item["labels"] if counts[test] < FEW]
            if few:
                yield f"{scheme['scheme'].name}.{item['question'].name}", len(item["labels"]), few


def _shown(scheme: Scheme, gold: pa.Table) -> str:
    """Say what an annotator was shown once: units of the kinds that have answers, counted where there are several."""
    kinds = {
        row["unit_id"]: row["kind"] or scheme.unit for row in _rows(gold, scheme.name, None, ["unit_id", "kind"])
    }
    counts = sorted(Counter(kinds.values()).items(), key=lambda pair: (-pair[1], pair[0])) or [(scheme.unit, 0)]
    said = [f"a {kind}{_WITHIN.get(kind, '')}" for kind, _ in counts]
    if len(said) == 1:
        return said[0]
    return " or ".join(f"{text} ({units} units)" for text, (_, units) in zip(said, counts, strict=True))


def _marked(
    labels: Sequence[Label], table: pa.Table, scheme: str, question: str | None, recode: Mapping[str, str]
) -> list[tuple[str, str, list[int]]]:
    counts = Counter((row["split"], row["label"]) for row in _rows(table, scheme, question, ["split", "label"]))
    definitions = {label.name: label.definition for label in labels}
    names = dict.fromkeys(recode.get(name, name) for name in definitions)
    return [(name, _definition(definitions, name, recode), _per_split(counts, name)) for name in names]


def _rows(table: pa.Table, scheme: str, question: str | None, columns: list[str]) -> list[dict[str, Any]]:
    import pyarrow.compute as pc

    wanted = pc.field("scheme") == scheme
    if question is not None:
        wanted &= pc.field("question") == question
    found: list[dict[str, Any]] = table.filter(wanted).select(columns).to_pylist()
    return found


def _per_split(counts: Mapping[Any, int], label: str) -> list[int]:
    return [counts.get((split, label), 0) for split in SPLITS]


def _definition(definitions: Mapping[str, str], name: str, recode: Mapping[str, str]) -> str:
    sources = [old for old in definitions if recode.get(old, old) == name]
    if sources == [name]:
        return definitions[name]
    return "Merged: " + " ".join(f"({old}) {definitions[old]}" for old in sources)


def sources(articles: pa.Table) -> dict[str, Any]:
    outlets = Counter(articles["outlet"].to_pylist())
    languages = Counter(articles["language"].to_pylist())
    dates = [date for date in articles["published_at"].to_pylist() if date is not None]
    ordered = sorted(((name, n) for name, n in outlets.items() if name), key=lambda pair: (-pair[1], pair[0]))
    return {
        "articles": articles.num_rows,
        "stories": len(set(articles["story_id"].to_pylist()) - {None}),
        "outlets": ordered[:_SHOWN],
        "more_outlets": (len(ordered[_SHOWN:]), sum(n for _, n in ordered[_SHOWN:])),
        "without_outlet": outlets[None],
        "languages": sorted(
            ((code, n) for code, n in languages.items() if code), key=lambda pair: (-pair[1], pair[0])
        ),
        "without_language": languages[None],
        "dates": (min(dates).date().isoformat(), max(dates).date().isoformat()) if dates else None,
        "without_date": articles.num_rows - len(dates),
    }


def process(votes: pa.Table, schemes: Sequence[Scheme]) -> dict[str, Any]:
    """Return what is known of the annotators: answers of each, and how many answers the units have."""
    unsure = {
        (scheme.name, question.name, name)
        for scheme in schemes
        for question in scheme.questions
        for name in question.label_names()
        if question.label(name).role == "unsure"
    }
    people: dict[str, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
    rulings: dict[str, set[Any]] = defaultdict(set)
    by_unit: dict[tuple[str, str], set[str]] = defaultdict(set)
    names = ["scheme", "unit_id", "question", "labels", "annotator", "status", "counts", "round", "purpose"]
    rounds = set()
    for row in votes.select(names).to_pylist():
        unit = (row["scheme"], row["unit_id"])
        rounds.add(row["round"])
        if row["purpose"] == ADJUDICATION:
            if row["status"] == "submitted":
                rulings[row["annotator"]].add(unit)
        elif row["status"] == "skipped":
            people[row["annotator"]]["skipped"].add(unit)
        elif row["counts"]:
            people[row["annotator"]]["answered"].add(unit)
            by_unit[unit].add(row["annotator"])
            if any((row["scheme"], row["question"], label) in unsure for label in row["labels"] or []):
                people[row["annotator"]]["unsure"].add(unit)
    overlap = [len(found) for found in by_unit.values()]
    return {
        "people": [
            (name, *[len(people[name][what]) for what in ("answered", "unsure", "skipped")])
            for name in sorted(people)
        ],
        "adjudicators": [(name, len(rulings[name])) for name in sorted(rulings)],
        "rounds": sorted(str(name) for name in rounds),
        "units": len(overlap),
        "overlap": sorted(Counter(overlap).items()),
        "once": overlap.count(1),
    }


def figures(node: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (question, figures) from agreement of one question, or of several however deep they are nested."""
    if not isinstance(node, Mapping):
        return
    if "alpha" in node:
        found = {key: node.get(key) for key in ("units", "annotators", "votes", "ties")}
        intervals = node.get("intervals") or {}
        found |= {key: _figure(intervals.get(key, node.get(key))) for key in ("alpha", "kappa", "ac1")}
        yield name or "all answers", {**found, "distance": node.get("distance", "nominal")}
        return
    for key in sorted(set(node) - {"mentions", "relations"}):
        inner = name if key in ("questions", "schemes") else f"{name}.{key}".lstrip(".")
        yield from figures(node[key], inner)


def marked_figures(agreement: Mapping[str, Any]) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """Return how well annotators agree on spans ("mentions") and on links ("relations"), by layer and by kind."""
    shown = {"mentions": ("exact", "overlap", "token", "alpha_u"), "relations": ("labelled", "not_compared")}
    return {
        what: [
            (
                name,
                {key: found.get(key) for key in ("units", "annotators", "spans", "links")}
                | {key: _figure(found.get(key)) for key in keys},
            )
            for name, found in sorted((agreement.get(what) or {}).items())
        ]
        for what, keys in shown.items()
    }


def _figure(value: Any) -> str:
    """Return a figure with its interval where it has one, or "not defined"."""
    parts = value if isinstance(value, Mapping) else {"value": value}
    if parts.get("value") is None:
        return "not defined"
    if parts.get("low") is None or parts.get("high") is None:
        return f"{parts['value']:.3f}"
    return f"{parts['value']:.3f} [{parts['low']:.3f}, {parts['high']:.3f}]"


def decisions(gold: pa.Table) -> Iterator[tuple[str, list[int], int]]:
    """Yield (question, units by who decided them, ties)."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in gold.select(["scheme", "question", "decided_by", "tied"]).to_pylist():
        found[f"{row['scheme']}.{row['question']}"].update([row["decided_by"], *(["tied"] if row["tied"] else [])])
    for name in sorted(found):
        yield name, [found[name][by] for by in _DECIDED], found[name]["tied"]
