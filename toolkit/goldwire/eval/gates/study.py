"""A study's models now against the same models' predictions of before, on the gold of now; probes are left out.

A model of before that the study has no more is gone, and that is as bad as being worse: else who deletes a bad
model passes. Only a baseline that params.yaml does not list any more is not gone but given up, which its diff
shows. Anyone's own predictions stand in no list; who gives them up compares with a revision that does not have
them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.baselines.registry import known
from goldwire.eval.gates import not_worse
from goldwire.eval.given import read_all
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.models import ready_for
from goldwire.eval.result import HEADLINE
from goldwire.eval.task import Answer
from goldwire.study import Study


def compared(study: Study, before: Path, name: str) -> dict[str, Any]:
    """Compare each model's predictions with the file of the same name in another folder.

    Parameters
    ----------
    study : Study
    before : Path
        A folder of predictions, as eval/predictions.
    name : str
        What it is called in messages.

    Returns
    -------
    dict
        ``{"models": [{"question", "model", "left_out", and as `gates.not_worse`}], "gone": [{"question", "model"}],
        "notes": list of str}``; left_out are labelled test units that had no prediction before. The notes say what
        could not be compared.

    Raises
    ------
    GoldwireError
        When no model can be compared, and none is gone; and as `goldwire.eval.given.read_all` does.
    """
    params = study.params()
    notes, gone, pairs, about = [], [], {}, {}
    listed = set(params.eval.baselines)
    ready, _ = ready_for(load_all(study)[0], "test")
    for inputs in ready:
        test = inputs.labelled("test")
        probes = known().keys() - listed
        given = read_all(study, inputs, params.eval.baselines)
        for model in sorted(
            {path.stem.split(".", 2)[2] for path in before.glob(f"{inputs.key}.*.parquet")} - given.keys()
        ):
            if model in probes:
                notes.append(f"{inputs.key}: baseline {model} of {name} is not in params.yaml any more")
            else:
                gone.append({"question": inputs.key, "model": model})
        for model, now in given.items():
            if model in probes:
                continue
            key = f"{inputs.key}.{model}"
            path = before / f"{key}.parquet"
            if not path.is_file():
                notes.append(f"{inputs.key}: model {model} is not in {name}")
                continue
            said = _answers(path, inputs, f"{name}:eval/predictions/{path.name}")
            if odd := sorted({label for answer in said.values() for label in answer} - set(inputs.labels)):
                notes.append(
                    f"{inputs.key}: model {model} of {name} has labels that the question has no more: {odd[0]}"
                )
                continue
            rows = [at for at, unit in enumerate(test["unit_id"]) if unit in said]
            if not rows:
                notes.append(f"{inputs.key}: model {model} of {name} predicted none of the test units")
                continue
            part = test.iloc[rows]
            gold = Gold.of(inputs.task, list(part["labels"]), list(part["cluster"]), metrics=[HEADLINE])
            pairs[key] = gold, [now.answers[at] for at in rows], [said[unit] for unit in part["unit_id"]]
            about[key] = {"question": inputs.key, "model": model, "left_out": len(test) - len(rows)}
    if not (pairs or gone):
        raise GoldwireError(
            f"no model can be compared with {name}; " + "; ".join(notes or ["it has no predictions"]),
            hint="Name a revision whose eval/predictions has models of now.",
        )
    found = not_worse(pairs, Bootstrap(params.eval.resamples, params.eval.level, params.seed), HEADLINE)
    return {"models": [{**about[key], **row} for key, row in found.items()], "gone": gone, "notes": notes}


def _answers(path: Path, inputs: Inputs, where: str) -> Mapping[str, Answer]:
    """Return the answers of a file; what is no answer to the question is as if it were not there."""
    try:
        table = tables.read(path, "predictions")
    except GoldwireError as error:
        raise GoldwireError(error.message, where=where, hint=error.hint) from None
    rows = zip(table["unit_id"].to_pylist(), table["labels"].to_pylist(), strict=True)
    found = {unit: tuple(dict.fromkeys(labels)) for unit, labels in rows if labels is not None}
    return {unit: answer for unit, answer in found.items() if inputs.task.several or len(answer) == 1}
