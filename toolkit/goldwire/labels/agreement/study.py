"""The agreement of a study: of all its votes, of one round, or of a round as of a part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.agreement import hard, rounds_of, slices
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.agreement.part import Figures
from goldwire.labels.agreement.relations import RELATION, relation_agreement
from goldwire.labels.agreement.span_parts import Breakdowns
from goldwire.labels.agreement.spans import lengths_of, span_agreement
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Recode, counted
from goldwire.labels.clusters import clusters_of
from goldwire.labels.counting import counting_round, of_round, votes_of_round
from goldwire.labels.recode import check_recode
from goldwire.labels.schemes import schemes_of
from goldwire.scheme import Scheme
from goldwire.study import Study

if TYPE_CHECKING:
    from goldwire.labels.agreement.as_of import AsOf

_ARTICLES = ("article_id", "story_id", "outlet", "published_at", "language")


class Bootstrap(TypedDict):
    """How intervals are drawn; see `goldwire.stats.resample`."""

    resamples: int
    seed: int
    level: float


@dataclass(frozen=True)
class Wanted:
    """What is asked for beyond params.yaml.

    Parameters
    ----------
    easy : str, optional
        The label that `goldwire.labels.agreement.hard` leaves out.
    pairs : bool
        The figures of each two annotators, however many there are.
    resamples, seed : int, optional
        Instead of those of params.yaml.
    """

    easy: str | None = None
    pairs: bool = False
    resamples: int | None = None
    seed: int | None = None


def of_study(
    study: Study, round_name: str | None = None, part: str | None = None, wanted: Wanted | None = None
) -> dict[str, Any]:
    """Measure agreement, with the recoding, the seed and the intervals of params.yaml. Nothing is written.

    Parameters
    ----------
    round_name : str, optional
        The votes of this round only.
    part : str, optional
        With a round: as it was when this part had been pulled; see `goldwire.labels.agreement.as_of`.
    wanted : Wanted, optional

    Returns
    -------
    dict
        That of `goldwire.labels.agreement.measure.agreement`; each question also has slices and not_in_slices (see
        `goldwire.labels.agreement.slices`), hard (see `goldwire.labels.agreement.hard`), and blind: ROUND -> whether
        its annotators could not see each other's answers (null: the study has not this round). Beside the questions:
        mentions and relations, where there are any, with slices, not_in_slices, hard and blind too (see
        `goldwire.labels.agreement.spans`, `relations` and `span_parts`). With
        `part`, first as_of ``{"part", "pulled"}``, and at last after: the same for the units that were first
        answered after that part (``{"units": 0, "why"}`` when there are none), and changed: see
        `goldwire.labels.agreement.as_of.AsOf`.

    Raises
    ------
    GoldwireError
        When there are no votes, no such round or part, the round's answers do not count, or a recoding or the easy
        label is of something that is not there.
    """
    wanted = wanted or Wanted()
    if round_name is None:
        names = ("votes", "vote_mentions", "vote_relations", "units")
        return _measured(study, {name: study.read(name) for name in names}, wanted, every_round=True)
    round_ = counting_round(study, round_name)
    if part is not None:
        from goldwire.labels.agreement.as_of import as_of  # with the fold, which the rest does not need

        return _then_and_after(study, as_of(study, round_, part), round_name, wanted)
    made = {"votes": votes_of_round(study.read("votes"), round_name), "units": study.read("units")}
    made |= {name: of_round(study.read(name), round_name) for name in ("vote_mentions", "vote_relations")}
    return _measured(study, made, wanted)


def _then_and_after(study: Study, found: "AsOf", name: str, wanted: Wanted) -> dict[str, Any]:
    if not counted(found.then["votes"]).num_rows:
        raise GoldwireError(
            f"nothing was submitted to round {name} when part {found.part} was pulled", hint="Name a later part."
        )
    value = _measured(study, found.then, wanted)
    after: dict[str, Any] = {"units": 0, "why": "no unit was first answered after this part"}
    if counted(found.after["votes"]).num_rows:
        after = _measured(study, found.after, wanted)
    as_of_ = {"part": found.part, "pulled": found.pulled}
    return {"as_of": as_of_, **value, "after": after, "changed": found.changed}


def _measured(
    study: Study, made: Mapping[str, pa.Table], wanted: Wanted, every_round: bool = False
) -> dict[str, Any]:
    params, votes = study.params(), made["votes"]
    schemes, articles = schemes_of(study, votes), _articles(study)
    recode = {name: found for name, found in params.recode.items() if every_round or name in schemes}
    check_recode(recode, schemes, study.params_file)
    hard.check_easy(wanted.easy, _labels(schemes, recode))
    figures = Figures(
        clusters_of(made["units"], articles),
        params.eval.resamples if wanted.resamples is None else wanted.resamples,
        params.seed if wanted.seed is None else wanted.seed,
        params.eval.level,
    )
    slicings = slices.of_study(votes, made["units"], articles)
    blind = rounds_of.blind(study, votes)

    def breakdowns(answers: Answers) -> dict[str, Any]:
        negative = _negative(schemes[answers.scheme], answers.question, recode)
        return {
            **slices.slices_of(answers, slicings, figures),
            "hard": hard.hard_of(answers, wanted.easy, negative, figures),
            "blind": blind.get(answers.scheme, {}),
        }

    bootstrap = Bootstrap(resamples=figures.resamples, seed=figures.seed, level=figures.level)
    if votes.num_rows and not any(scheme.questions for scheme in schemes.values()):
        value: dict[str, Any] = {"questions": {}}  # only spans and links were asked for
    else:
        value = agreement(
            votes,
            clusters=figures.clusters,
            schemes=schemes,
            recode=recode,
            breakdowns=breakdowns,
            pairs=wanted.pairs or None,
            **bootstrap,
        )
    marked, asked = (schemes, figures.clusters), Breakdowns(slicings, wanted.easy, blind)
    mentions = span_agreement(
        votes,
        made["vote_mentions"],
        *marked,
        lengths=lengths_of(made["units"]),
        recode=recode,
        pairs=wanted.pairs or None,
        breakdowns=asked,
        **bootstrap,
    )
    relations = relation_agreement(
        votes,
        made["vote_mentions"],
        made["vote_relations"],
        *marked,
        recode=recode,
        pairs=wanted.pairs or None,
        breakdowns=asked,
        **bootstrap,
    )
    return {
        **value,
        **({"mentions": mentions} if mentions else {}),
        **({"relations": relations} if relations else {}),
    }


def _labels(schemes: Mapping[str, Scheme], recode: Recode) -> dict[str, list[str]]:
    """Return the labels of each question, layer and relation, by their recoded names too."""
    found: dict[str, list[str]] = {}
    for name, scheme in schemes.items():
        asked = {question.name: list(question.label_names()) for question in scheme.questions}
        asked |= {layer.name: [label.name for label in layer.labels] for layer in scheme.mentions}
        asked |= {RELATION: [label.name for label in scheme.relations]} if scheme.relations else {}
        for key, labels in asked.items():
            merged = recode.get(name, {}).get(key, {})
            found[key] = [*found.get(key, []), *dict.fromkeys([*labels, *(merged.get(one, one) for one in labels)])]
    return found


def _negative(scheme: Scheme, question: str, recode: Mapping[str, Mapping[str, Mapping[str, str]]]) -> str | None:
    """Return the first label of the question whose role is negative, by its recoded name."""
    asked = scheme.question(question)
    found = next((name for name in asked.label_names() if asked.label(name).role == "negative"), None)
    return None if found is None else recode.get(scheme.name, {}).get(question, {}).get(found, found)


def _articles(study: Study) -> pa.Table:
    """Read the articles without their texts."""
    import pyarrow.parquet as pq

    try:
        return pq.read_table(study.articles, columns=list(_ARTICLES))
    except (pa.ArrowInvalid, KeyError, OSError):
        return tables.read(study.articles, "articles").select(_ARTICLES)  # slower, and says what is wrong
