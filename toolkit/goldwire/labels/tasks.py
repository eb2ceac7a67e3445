"""Tasks: units as Label Studio takes them, and the folder of a round that holds them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from goldwire.errors import GoldwireError
from goldwire.files import write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.interface import config
from goldwire.labels.passages import PASSAGES
from goldwire.labels.rounds import Round
from goldwire.labels.team import reference_files, references
from goldwire.labels.team.references import Purpose, Reference
from goldwire.labels.units import hash_of
from goldwire.scheme import Scheme, parse, read, shipped, shipped_text
from goldwire.study import Study

Task = dict[str, Any]

_CONTEXT = 400  # characters

_UNITS = {
    "target": "Name targets with --target NAME or --target-list FILE, or pairs with --pairs FILE.",
    "headline": "Give article_id and headline with --pairs FILE.",
}


def make_tasks(articles: pa.Table, units: pa.Table) -> list[Task]:
    """Return a Label Studio task for every unit, in the order of the units.

    Parameters
    ----------
    articles : pa.Table
        With article_id, title, text, outlet and published_at.
    units : pa.Table
        `units`.

    Returns
    -------
    list of dict
        ``{"data": {"unit_id", "title", "text", "outlet", "date", "target", "holder"}, "meta": <the units row>}``.
        `text` is the part of the article's text that is shown; offsets of spans count in it. A paragraph and a
        sentence have `before` and `after` too, up to 400 characters around them. The date is YYYY-MM-DD (UTC). What
        is not known is an empty string.

    Raises
    ------
    GoldwireError
        When a unit's article is not among the articles.
    """
    columns = ["article_id", "title", "text", "outlet", "published_at"]
    by_id = {article["article_id"]: article for article in articles.select(columns).to_pylist()}
    return [_task(unit, by_id) for unit in units.to_pylist()]


def write_round(
    study: Study,
    name: str,
    scheme: Scheme,
    articles: pa.Table,
    units: pa.Table,
    *,
    overlap: int = 1,
    overlap_share: float = 1.0,
    blind: bool = False,
    threshold: float | None = None,
    known_answers: Mapping[Purpose, Path] | None = None,
    sample: Sequence[Mapping[str, Any]] = (),
    chosen_by: Sequence[str] = (),
    seed: int = 0,
) -> int:
    """Make a round, or add units to one, in labels/rounds/NAME. Tasks that are there stay, whatever is left out.

    New tasks come in an order drawn from the seed, so that copies of one story do not follow each other; calibration
    units come first, and control items lie among the others. A shipped scheme is copied to labels/schemes when it is
    not there.

    A unit that is asked again takes its new probability if that is larger: a larger sample with the same seed holds
    the smaller one, and its probabilities are then those of all units of the round. Nothing else of a task changes.

    Parameters
    ----------
    study : Study
    name : str
        The round, and its folder.
    scheme : Scheme
    articles, units : pa.Table
        See `make_tasks`.
    overlap, overlap_share : int, float
        Annotators a unit, and the share of the units that has so many; the rest has one.
    blind : bool
        One project an annotator.
    threshold : float, optional
        Share of the calibration units that an annotator must get right; a round that is there takes the new one.
    known_answers : mapping, optional
        Purpose (calibration, control) -> table; see `goldwire.labels.team.reference_files.make`.
    sample : sequence of mapping
        How the articles were drawn, see `goldwire.labels.sampled.designs_of`; one that is there takes the new one.
    chosen_by : sequence of str
        The models that chose the units; none where they were drawn, or are all there are. A round that is there adds
        those that it has not.
    seed : int
        A round that is there keeps its own.

    Returns
    -------
    int
        How many units the round has now.

    Raises
    ------
    GoldwireError
        When the units are not of one kind that the scheme can be asked about (for one about texts: documents,
        paragraphs or sentences), when the round is there with another scheme, overlap, blinding or kind of units, or
        only one of the two was chosen by a model, when a text in it has changed or is divided otherwise now, when
        known answers do not fit, or when Label Studio would misread the scheme. Nothing is written then.
    """
    config(scheme)
    _check_kind(scheme, units)
    made = _round(
        name,
        scheme=scheme.name,
        scheme_version=scheme.version,
        scheme_hash=scheme.hash,
        overlap=overlap,
        overlap_share=overlap_share,
        blind=blind,
        threshold=threshold,
        sample=[dict(design) for design in sample],
        chosen_by=list(chosen_by),
        seed=seed,
    )
    folder = study.rounds / made.round
    there: list[Task] = []
    if (folder / "round.yaml").is_file():
        before = rounds.read(folder)
        _check_same(before, made)
        models = list(dict.fromkeys([*before.chosen_by, *made.chosen_by]))
        given = {"threshold": threshold, "sample": made.sample or None, "chosen_by": models}
        made = before.model_copy(update={name: value for name, value in given.items() if value is not None})
        there = rounds.tasks(folder)
        _check_same_kind(there, units, name)
    asked = make_tasks(articles, units)
    new = _new(asked, there, articles, name)
    kept = _drawn_again(there, asked)
    told = _known_answers(scheme, [*kept, *new], folder, known_answers or {})
    new = references.order(new, told, made.seed)
    if known_answers:
        references.write(folder, told)
    rounds.write_scheme(folder, _keep_scheme(study, scheme))
    if new or not there or kept != there:
        write_jsonl(folder / "tasks.jsonl", [*kept, *new])
    rounds.write(folder, made)
    return len(there) + len(new)


def _known_answers(scheme: Scheme, tasks: list[Task], folder: Path, files: Mapping[Purpose, Path]) -> list[Reference]:
    """Return the known answers that the round has, and those of the files."""
    told = references.read(folder)
    for purpose, path in files.items():
        told = references.merged(told, reference_files.make(scheme, [task["meta"] for task in tasks], path, purpose))
    return told


def _task(unit: Mapping[str, Any], articles: Mapping[str, Mapping[str, Any]]) -> Task:
    article = articles.get(unit["article_id"])
    if article is None:
        raise GoldwireError(
            f'there is no article "{unit["article_id"]}"',
            where=f"unit {unit['unit_id']}",
            hint="Import it with: goldwire corpus import PATH",
        )
    published = article["published_at"]
    data = {
        "unit_id": unit["unit_id"],
        "title": article["title"] or "",
        "text": article["text"][unit["start"] : unit["end"]],
        "outlet": article["outlet"] or "",
        "date": published.date().isoformat() if published else "",
        "target": unit["target"] or "",
        "holder": unit["holder"] or "",
    }
    if unit["kind"] in ("paragraph", "sentence"):
        data |= _around(article["text"], unit["start"], unit["end"])
    return {"data": data, "meta": dict(unit)}


def _around(text: str, start: int, end: int) -> dict[str, str]:
    """Return the words before and after a part of a text; a sentence alone is often not to be understood."""
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if start > _CONTEXT:
        before = "… " + before.partition(" ")[2]
    if end + _CONTEXT < len(text):
        after = after.rpartition(" ")[0] + " …"
    return {"before": before.strip(), "after": after.strip()}


def _new(tasks: list[Task], there: list[Task], articles: pa.Table, name: str) -> list[Task]:
    asked = {task["meta"]["article_id"] for task in tasks}
    columns = (articles[column].to_pylist() for column in ("article_id", "text"))
    texts = {article: text for article, text in zip(*columns, strict=True) if article in asked}
    known = {task["data"]["unit_id"] for task in there}
    passages: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for task in there:
        unit = task["meta"]
        text = texts.get(unit["article_id"])
        if text is not None and hash_of(text[unit["start"] : unit["end"]]) != unit["content_hash"]:
            raise GoldwireError(
                f"the text of unit {unit['unit_id']} has changed since it was put into the round",
                where=f"round {name}",
                hint="Its answers are to the old text. Make another round for the new one.",
            )
        passages.setdefault((unit["article_id"], unit["kind"]), []).append((unit["start"], unit["end"]))
    new = [task for task in tasks if task["data"]["unit_id"] not in known]
    for unit in (task["meta"] for task in new if task["meta"]["kind"] in PASSAGES):
        for start, end in passages.get((unit["article_id"], unit["kind"]), []):
            if start < unit["end"] and unit["start"] < end:
                raise GoldwireError(
                    f"unit {unit['unit_id']} overlaps with {start}-{end}, which is in the round: texts are divided "
                    "otherwise now",
                    where=f"round {name}",
                    hint="Make another round: half of a sentence would be asked about twice.",
                )
    return new


def _drawn_again(there: list[Task], asked: list[Task]) -> list[Task]:
    """Return the tasks that are there, with the probabilities that grew.

    A smaller one is that of a smaller sample, which the round holds already and which says nothing of the others.
    """
    drawn = {task["data"]["unit_id"]: task["meta"]["probability"] for task in asked}
    found = []
    for task in there:
        before, now = task["meta"].get("probability"), drawn.get(task["data"]["unit_id"])
        grew = now is not None and (before is None or now > before)
        found.append({**task, "meta": {**task["meta"], "probability": now}} if grew else task)
    return found


def _check_kind(scheme: Scheme, units: pa.Table) -> None:
    kinds = set(units["kind"].to_pylist())
    if not kinds:
        hint = "For a scheme about targets, name one that the articles speak of." if scheme.unit == "target" else None
        raise GoldwireError("there is not one unit to ask about", where=f"scheme {scheme.name}", hint=hint)
    if not any(kinds == {kind} for kind in (PASSAGES if scheme.unit in PASSAGES else [scheme.unit])):
        hint = _UNITS.get(scheme.unit, "Leave --target and --pairs out, or choose another scheme.")
        raise GoldwireError(
            f"the scheme asks about a {scheme.unit}, and the units are of the kind {', '.join(sorted(kinds))}",
            where=f"scheme {scheme.name}",
            hint=hint,
        )


def _check_same(before: Round, now: Round) -> None:
    where = f"round {before.round}"
    if before.adjudicates:
        raise GoldwireError(
            f"the round settles disputes of {', '.join(before.adjudicates)}, and its answers outrank votes",
            where=where,
            hint="Choose another name for the round. More disputes: goldwire labels adjudicate",
        )
    if (before.scheme, before.scheme_hash) != (now.scheme, now.scheme_hash):
        what = "another scheme" if before.scheme != now.scheme else "another state of its scheme"
        raise GoldwireError(
            f"the round is there with {what}: {before.scheme} {before.scheme_version} ({before.scheme_hash})",
            where=where,
            hint="Choose another name for the round: answers to different schemes do not mix.",
        )
    if bool(before.chosen_by) != bool(now.chosen_by):
        was = f"chosen by {', '.join(before.chosen_by)}" if before.chosen_by else "not chosen by a model"
        raise GoldwireError(
            f"the units of the round were {was}, and these were {'' if now.chosen_by else 'not'}".rstrip(),
            where=where,
            hint="Choose another name for the round: only units that no model chose can test one.",
        )
    options = (("overlap", "--overlap {}"), ("overlap_share", "--overlap-share {}"), ("blind", "--blind"))
    for field, option in options:
        was, wanted = getattr(before, field), getattr(now, field)
        if was != wanted:
            flag = option.format(was) if was else f"no {option}"
            raise GoldwireError(
                f"the round is there with {field}: {json.dumps(was)}", where=where, hint=f"Give {flag}."
            )


def _check_same_kind(there: list[Task], units: pa.Table, name: str) -> None:
    """Documents and sentences in one project would be pooled in its progress, agreement and rates."""
    before, now = {task["meta"]["kind"] for task in there}, set(units["kind"].to_pylist())
    if before and before != now:
        raise GoldwireError(
            f"the round is there with units of the kind {', '.join(sorted(before))}, not {', '.join(sorted(now))}",
            where=f"round {name}",
            hint="Choose another name for the round.",
        )


def _keep_scheme(study: Study, scheme: Scheme) -> str:
    """Make sure that the scheme stands in the study, and return its text."""
    path = study.schemes / f"{scheme.name}.yaml"
    if path.is_file():
        kept = read(path)
    elif scheme.name in shipped():
        kept = parse(shipped_text(scheme.name), path.name)
    else:
        raise GoldwireError(
            f"the scheme {scheme.name} is not in the study", where=str(path), hint="Copy its file there first."
        )
    if kept.hash != scheme.hash:
        raise GoldwireError(
            f"{scheme.name} is another scheme there: {kept.version} ({kept.hash}), "
            f"not {scheme.version} ({scheme.hash})",
            where=str(path),
            hint="Give one of the two another name.",
        )
    if not path.is_file():
        write_text(path, shipped_text(scheme.name))
    return path.read_text(encoding="utf-8")


def _round(name: str, **fields: Any) -> Round:
    try:
        return Round(round=name, **fields)
    except ValidationError as error:
        items = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise GoldwireError(
            "\n".join(items), where=f"round {name}", hint="A name is letters, digits, . _ and -"
        ) from None
