"""What would be enough for a study, or for one round of it."""

from typing import Any

from goldwire.labels.clusters import clusters_of
from goldwire.labels.counting import counting_round, votes_of_round
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options
from goldwire.labels.recode import check_recode
from goldwire.labels.schemes import schemes_of
from goldwire.study import Study


def of_study(
    study: Study, options: Options, round_: str | None = None, question: str | None = None
) -> dict[str, Any]:
    """Return what `goldwire.labels.enough.measure.enough` does, by story, with the recoding of params.yaml.

    Raises
    ------
    GoldwireError
        When a table is not there, there is no such round or it has no votes, its answers do not count, or a recoding
        is of something that is not there.
    """
    if round_ is not None:
        counting_round(study, round_)
    votes = study.read("votes")
    if round_ is not None:
        votes = votes_of_round(votes, round_)
    schemes, recode = schemes_of(study, votes), study.params().recode
    if round_ is not None:
        recode = {name: found for name, found in recode.items() if name in schemes}
    check_recode(recode, schemes, study.params_file)
    return enough(
        votes,
        options,
        question=question,
        clusters=clusters_of(study.read("units"), study.read("articles")),
        schemes=schemes,
        recode=recode,
    )
