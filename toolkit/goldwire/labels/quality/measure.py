"""The report on annotators as figures: of a study, of a round, or of a plain table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.ballots import Duplicates
from goldwire.labels.clusters import clusters_of
from goldwire.labels.quality import findings
from goldwire.labels.quality.competence import competence
from goldwire.labels.quality.confusion import confusions
from goldwire.labels.quality.drift import drift, of_all
from goldwire.labels.quality.known import NO_CONTROL, NO_RETEST, Known, known
from goldwire.labels.quality.observed import Observed, observed_frame, observed_votes
from goldwire.labels.quality.pairs import pair_rows
from goldwire.labels.quality.periods import periods
from goldwire.labels.quality.rates import bias, compared_labels, labels_per_answer, rates
from goldwire.labels.quality.rest import Bootstrap, mean_with_interval, same_as_rest
from goldwire.labels.quality.speed import speed
from goldwire.labels.recode import check_recode
from goldwire.labels.schemes import schemes_of
from goldwire.labels.team import round_answers
from goldwire.study import Study

ALONE = "nobody else answered their units"
PLAIN = "a plain table does not say"


def of_study(study: Study, name: str | None = None) -> dict[str, Any]:
    """Return the report on all votes of a study, or on those of one round, which may be a retest.

    All votes are taken under the current schemes and the recoding of params.yaml; those of a round as they were
    given, under the scheme that it was made with.

    Raises
    ------
    GoldwireError
        When there is no such round, nothing was answered, a file is damaged, or a recoding is of something that is
        not there.
    """
    params = study.params()
    bootstrap = {"resamples": params.eval.resamples, "seed": params.seed, "level": params.eval.level}
    if name is None:
        votes = study.read("votes")
        schemes = schemes_of(study, votes)
        check_recode(params.recode, schemes, study.params_file)
        stories = clusters_of(study.read("units"), study.read("articles"))
        seen = observed_votes(votes, schemes, params.recode, stories)
    else:
        found = round_answers.read(study, name)
        if settled := found.round.adjudicates:
            raise GoldwireError(
                f"the answers of round {name} do not count as votes: it settles {', '.join(settled)}",
                hint=f"The report is on the rounds before: goldwire labels annotators report {settled[0]}",
            )
        votes, stories = round_answers.votes(study, found), round_answers.stories(study, found.units)
        seen = observed_votes(votes, {found.scheme.name: found.scheme}, {}, stories)
    return _report(seen, known(study, name), name, bootstrap)


def of_table(
    table: pa.Table,
    *,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    time: str | None = None,
    seconds: str | None = None,
    duplicates: Duplicates | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, Any]:
    """Return the report on a plain table, one row an answer; see `goldwire.labels.quality.observed.observed_frame`.

    Every unit is a cluster of its own for the intervals.

    Returns
    -------
    dict
        - round: its name, or null
        - questions {NAME: question}; NAME is ``scheme.question`` when there are several schemes, and the column of
          the labels for a plain table. A question has

          - type, units (with an answer), units_with_two, answers, unsure, labels (compared), labels_left_out
          - findings: sentences, the most important first
          - annotators: a list; each has annotator, answers, shared (that others answered too), agreement (with the
            others' answers to the same units), labels_per_answer, rates and bias (see
            `goldwire.labels.quality.rates`), confusion and confusions (`goldwire.labels.quality.confusion`), drift
            (`goldwire.labels.quality.drift`), speed (`goldwire.labels.quality.speed`), competence
            (`goldwire.labels.quality.competence`), control and retest (rows; `goldwire.labels.quality.known`)
          - pairs: a, b, n, observed, kappa (`goldwire.labels.quality.pairs`)
          - periods {by, size, names, agreement (of all)}, speed, competence, control, retest: what holds for all, and
            ``why`` where there is nothing

        A figure is ``{"value", "low", "high"}``; what is not defined is null, and ``why`` says the reason.
    """
    found = observed_frame(
        table, unit=unit, annotator=annotator, label=label, time=time, seconds=seconds, duplicates=duplicates
    )
    name = label or "label"
    bootstrap = {"resamples": resamples, "seed": seed, "level": level}
    return _report([found], None, None, bootstrap, plain_name=name)


def _report(
    observed: Iterable[Observed],
    checked: Known | None,
    name: str | None,
    bootstrap: Bootstrap,
    plain_name: str = "label",
) -> dict[str, Any]:
    every = [seen for seen in observed if len(seen.answers.answer)]
    if not every:
        raise GoldwireError(
            "there is no answer" + (f" in round {name}" if name else ""),
            hint=f'A row needs a label in the column "{plain_name}".'
            if checked is None
            else "Pull and fold first: goldwire labels pull ROUND, then goldwire labels build",
        )
    several = len({seen.answers.scheme for seen in every}) > 1
    questions = {}
    for seen in every:
        asked = seen.answers
        key = (f"{asked.scheme}.{asked.question}" if several else asked.question) or plain_name
        questions[key] = _question(seen, checked, bootstrap)
    return {"round": name, "questions": questions}


def _question(seen: Observed, checked: Known | None, bootstrap: Bootstrap) -> dict[str, Any]:
    answers = seen.answers
    labels = compared_labels(seen)
    same = same_as_rest(seen)
    spans = periods(seen)
    confused = confusions(seen)
    shares = rates(seen, labels, bootstrap["level"])
    sizes = labels_per_answer(seen, bootstrap)
    biases = bias(seen, labels, bootstrap)
    drifts = drift(seen, same, labels, spans, bootstrap)
    speed_all, speeds = speed(seen, same, bootstrap)
    competence_all, competences = competence(seen, labels, bootstrap["seed"])
    rows = [
        {
            "annotator": name,
            "answers": len(places),
            "shared": int((seen.size[places] > 1).sum()),
            "agreement": mean_with_interval(seen, places, same, bootstrap, ALONE).as_dict(),
            "labels_per_answer": sizes[who],
            "rates": shares[who],
            "bias": biases[who],
            **confused[who],
            "drift": drifts[who],
            "speed": speeds[who],
            "competence": competences[who],
            **_known(answers.scheme, answers.question, name, checked),
        }
        for who, (name, places) in enumerate(zip(answers.annotators, seen.of, strict=True))
        if len(places)
    ]
    given = len({label for number in set(answers.answer.tolist()) for label in answers.sets[number]})
    found: dict[str, Any] = {
        "type": answers.type,
        "units": int((answers.size > 0).sum()),
        "units_with_two": int((answers.size > 1).sum()),
        "answers": len(answers.answer),
        "unsure": answers.unsure,
        "labels": [answers.labels[i] for i in labels],
        "labels_left_out": given - len(labels),
        "annotators": rows,
        "pairs": pair_rows(seen, bootstrap),
        "periods": {
            "by": spans.by,
            "size": spans.size,
            "names": spans.names,
            "agreement": of_all(seen, same, spans, bootstrap),
            **({"why": spans.why} if spans.why else {}),
        },
        "speed": speed_all,
        "competence": competence_all,
        "control": _reason(rows, "control", checked, NO_CONTROL),
        "retest": _reason(rows, "retest", checked, NO_RETEST),
    }
    return {"findings": findings.sentences(found), **found}


def _known(scheme: str, question: str, who: str, checked: Known | None) -> dict[str, list[dict[str, Any]]]:
    key = (scheme, question, who)
    if checked is None:
        return {"control": [], "retest": []}
    return {"control": checked.control.get(key, []), "retest": checked.retest.get(key, [])}


def _reason(rows: Sequence[Mapping[str, Any]], what: str, checked: Known | None, why: str) -> dict[str, Any]:
    if any(row[what] for row in rows):
        return {}
    return {"why": PLAIN if checked is None else why}
