"""What would be enough for a study, or for one round of it."""

from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.clusters import clusters_of
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options
from goldwire.labels.schemes import schemes_of
from goldwire.study import Study


def of_study(
    study: Study, options: Options, round_: str | None = None, question: str | None = None
) -> dict[str, Any]:
    """Return what `goldwire.labels.enough.measure.enough` does, by story, with the recoding of params.yaml.

    Raises
    ------
    GoldwireError
        When a table is not there, or there are no votes of the round.
    """
    import pyarrow.compute as pc

    votes = study.read("votes")
    if round_ is not None:
        rounds = sorted(pc.unique(votes["round"]).drop_null().to_pylist())
        if round_ not in rounds:
            raise GoldwireError(
                f'there are no votes of a round "{round_}"',
                hint=f"There are votes of: {', '.join(rounds) or 'none'}; or name a file with its ending.",
            )
        votes = votes.filter(pc.equal(votes["round"], round_))
        if "vote" not in votes["purpose"].to_pylist():
            raise GoldwireError(
                f"the answers of round {round_} do not count as votes",
                hint="Name the round that it settles, or asks again.",
            )
    return enough(
        votes,
        options,
        question=question,
        clusters=clusters_of(study.read("units"), study.read("articles")),
        schemes=schemes_of(study, votes),
        recode=study.params().recode,
    )
