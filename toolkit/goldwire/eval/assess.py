"""Scoring a study: from gold, votes and predictions to one result a question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from goldwire import files
from goldwire.eval import facts, result
from goldwire.eval.evaluated import Beside, evaluate
from goldwire.eval.given import read_all
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.marks import marks_of
from goldwire.eval.models import Written, nothing_to, ready_for
from goldwire.eval.slices.by import flags
from goldwire.study import Study

Tasks = Mapping[str, Sequence[Mapping[str, int]]]


def score_all(study: Study, *, corpus: Mapping[str, Any] | None = None, tasks: Tasks | None = None) -> Written:
    """Score every file of eval/predictions on the test split, and replace eval/results.

    The files are ``<scheme>.<question>.<model>.parquet``, tables of predictions: those of the baselines, and
    anyone's. Each must predict every labelled test unit; other units of the study are ignored.

    Parameters
    ----------
    study : Study
    corpus : mapping, optional
        Counts over the articles, from `goldwire.corpus.stats`, for the report; without them it has no such section.
    tasks : mapping, optional
        unit_id -> its tasks in Label Studio, from `goldwire.labels.links`.

    Raises
    ------
    GoldwireError
        When no question has a labelled test unit or predictions; when predictions lack test units, have unknown
        units or labels, or were made for another version of the scheme. eval/results then stays as it was.
    """
    params = study.params()
    inputs, skipped = load_all(study)
    ready, unready = ready_for(inputs, "test")
    skipped += unready
    agreement = _read(study.table("votes").with_name("agreement.json"))
    audit = _read(study.eval / "audit.json")
    mentions = study.read("gold_mentions") if study.table("gold_mentions").is_file() else None
    results = []
    for each in ready:
        given = read_all(study, each, params.eval.baselines)
        if not given:
            skipped += [each.not_applicable("there are no predictions for it")]
            continue
        beside = Beside(
            agreement=_of_question(agreement, each),
            audit=audit,
            marks=marks_of(study, each.scheme.name),
            flags={} if mentions is None else flags(mentions),
            tasks=tasks or {},
        )
        results.append(evaluate(each, given, params, beside))
    if not results:
        raise nothing_to("score", skipped)
    with files.replacing_folder(study.results) as folder:
        for scored in results:
            result.write(scored, folder)
        for item in skipped:
            result.write(result.Unscored(scheme=item.scheme, question=item.question, reason=item.reason), folder)
        if corpus is not None:
            facts.write(corpus, folder)
    notes = [f"{path.name} in eval/predictions is not scored: {_FORM}" for path in _strangers(study, inputs)]
    models = [f"{r.key}.{m.name}" for r in results for m in r.models]
    return Written(sorted(study.results.iterdir()), models, skipped, notes)


_FORM = "what is has a name SCHEME.QUESTION.MODEL.parquet, of a question with gold"


def _strangers(study: Study, inputs: Sequence[Inputs]) -> list[Path]:
    """Return files among the predictions that belong to no question."""
    keys = {each.key for each in inputs}

    def scored(path: Path) -> bool:
        scheme, _, rest = path.name.partition(".")
        question, _, model = rest.partition(".")
        return path.suffix == ".parquet" and f"{scheme}.{question}" in keys and model != "parquet"

    files = (path for path in study.predictions.glob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in files if not scored(path))


def _read(path: Path) -> Any:
    """Return what an earlier stage measured, or None where it did not run."""
    return files.read_json(path) if path.is_file() else None


def _of_question(agreement: dict[str, Any] | None, inputs: Inputs) -> dict[str, Any] | None:
    """Find the question in the file: under its scheme, under its name when there is one scheme, or alone."""
    if agreement is None or "questions" not in agreement:
        return agreement
    questions = agreement["questions"]
    found: dict[str, Any] | None = questions.get(inputs.key, questions.get(inputs.question.name))
    return found
