"""From votes to what would be enough.

In: the votes table, or a plain file with one answer a row. Out: a dictionary, which is what
``goldwire labels enough --json`` prints.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Duplicates, Recode, of_votes
from goldwire.labels.enough.options import Options
from goldwire.labels.enough.question import of_question
from goldwire.labels.plain_answers import is_votes, plain_answers
from goldwire.labels.recode import by_scheme
from goldwire.scheme import Scheme

_NOMINAL = "A plain table does not say whether its labels have an order: alpha takes them as nominal."


def enough(
    votes: pa.Table,
    options: Options | None = None,
    *,
    question: str | None = None,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    clusters: Mapping[str, str] | None = None,
    schemes: Mapping[str, Scheme] | None = None,
    recode: Recode | Mapping[str, str] | None = None,
    duplicates: Duplicates | None = None,
) -> dict[str, Any]:
    """Return what k annotators and n units would give, of one question or of each of several.

    Parameters
    ----------
    votes : pa.Table
        The votes table, of which the rows that count are used; or any table with one answer a row.
    options : Options, optional
        Which rows.
    question : str, optional
        The only one to look at, as ``question`` or ``scheme.question``.
    unit, annotator, label, clusters, schemes, recode, duplicates
        As for `goldwire.labels.agreement.measure.agreement`.

    Returns
    -------
    dict
        For one question: units, units_with_two, annotators, answers, design (team: the same annotators answer all
        units; rotation: each unit has its own), method, alpha ``{"value", "low", "high"}`` as measured, unanimous
        (the share of units with two answers that are), design_effect (null when not known), model (alpha and
        unanimous in simulated answers of the same annotators; shared), rows, measured, recommended (when asked),
        words, notes.

        A row: annotators, more, units, answers (annotators x units), new_answers (those that are not there yet),
        alpha ``{"value", "low", "high", "half_width", "other_people"}``, accuracy ``{"value", "low", "high",
        "half_width", "decided"}`` (a tie of t labels counts 1/t; decided is without the tied), undecided (the share
        of tied units). The interval of accuracy is that of the share of right gold labels in such a round.

        A row of measured: annotators, units, alpha, same_as_all (majority of so many answers, drawn from units with
        more, against that of all), expected_same_as_all (the same in simulated answers), and why (the reason of each
        of the two that is null).

        A plain table with a map has recoded (old label -> to, n rows) and unknown (label -> rows).

        With too few answers, rows is empty and "why" says the reason. A question that takes several labels has
        ``{"labels": {LABEL: the same}}``, each given or not. For several questions:
        ``{"questions": {NAME: the same}}``, NAME being ``scheme.question`` when there are several schemes.

    Raises
    ------
    GoldwireError
        When there are no answers at all, a column is missing or has gaps, an annotator answered a unit twice, or
        there is no such question.
    """
    options = options or Options()
    recoding: dict[str, Any] = {}
    is_plain = not is_votes(votes, unit, annotator, label)
    if is_plain:
        if question is not None:
            raise GoldwireError("a plain table has one question", hint="Leave --question out.")
        plain = plain_answers(votes, unit, annotator, label, duplicates, recode)
        answers, recoding, hint = [plain.answers], plain.recoding, plain.hint
    else:
        hint = "Pull and fold first: goldwire labels pull ROUND, then goldwire labels build"
        answers = [found for found in of_votes(votes, schemes or {}, by_scheme(recode)) if found.type != "text"]
    several = len({found.scheme for found in answers}) > 1
    named = {f"{found.scheme}.{found.question}" if several else found.question: found for found in answers}
    if question is not None:
        named = _only(named, question)
    if not any(len(found.answer) or found.unsure for found in named.values()):
        what = f"there is no answer in these {votes.num_rows} rows" if votes.num_rows else "there are no votes"
        raise GoldwireError(what, hint=hint)
    results = {
        name: {"question": name, **of_question(found, clusters or {}, options), **recoding}
        for name, found in named.items()
    }
    if is_plain and answers[0].takes_one and len(answers[0].labels) > 2 and "notes" in results[""]:
        results[""]["notes"].append(_NOMINAL)
    return next(iter(results.values())) if len(results) == 1 else {"questions": results}


def _only(named: Mapping[str, Answers], question: str) -> dict[str, Answers]:
    found = {
        name: answers
        for name, answers in named.items()
        if question in (name, answers.question, f"{answers.scheme}.{answers.question}")
    }
    if not found:
        raise GoldwireError(f'there is no question "{question}"', hint=f"There are: {', '.join(named)}")
    return found
