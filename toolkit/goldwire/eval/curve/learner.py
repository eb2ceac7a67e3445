"""Which baseline learns for the curve, the suspects and the next batch, where none is named."""

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.registry import known
from goldwire.eval.inputs import Inputs
from goldwire.study import Params

CONSTANT = frozenset({"majority", "majority-per-target", "stratified"})
"""Baselines that do not read the text: they learn next to nothing from more of it, and suspect nobody."""


def learner(name: str | None, params: Params, inputs: Inputs | None = None) -> Baseline:
    """Return the named baseline, else the first of params.yaml that reads the text and answers such a question.

    That is not the best one on the test split: a choice by the test split would make its figures too good.

    Raises
    ------
    GoldwireError
        When there is no baseline of that name, or params.yaml has constant ones only.
    """
    there = known()
    hint = f"There are: {', '.join(there)}"
    if name is not None:
        if name not in there:
            raise GoldwireError(f'there is no baseline "{name}"', where="--model", hint=hint)
        return there[name]
    where = "params.yaml: eval.baselines"
    reading = [one for one in params.eval.baselines if one not in CONSTANT]
    if not reading:
        raise GoldwireError("no baseline there reads the text", where=where, hint="Name one: --model NAME")
    if strange := [one for one in reading if one not in there]:
        raise GoldwireError(f'there is no baseline "{strange[0]}"', where=where, hint=hint)
    fitting = [there[one] for one in reading if inputs is None or unfit(there[one], inputs) is None]
    return fitting[0] if fitting else there[reading[0]]


def unfit(baseline: Baseline, inputs: Inputs) -> str | None:
    """Return why the baseline cannot answer the question, or None."""
    if baseline.applies(inputs.task, has_targets=inputs.has_targets):
        return None
    return f"the baseline {baseline.name} does not answer questions like this one (type {inputs.task.type})"
