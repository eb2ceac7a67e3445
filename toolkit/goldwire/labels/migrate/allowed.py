"""Rounds that are not migrated, or not into a new round."""

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.foreign import mapping as foreign
from goldwire.study import Study


def refuse_others(study: Study, name: str, *, on_server: bool) -> None:
    """Raise for a round that was adopted, for an adjudication, and for a retest of which a new round would be made.

    Raises
    ------
    GoldwireError
        With what to do in place of it.
    """
    folder = study.rounds / name
    before = rounds.read(folder)
    if foreign.read(folder) is not None:
        raise GoldwireError(
            f"goldwire did not make the project of round {name}, and changes nothing in it: its answers are read by "
            "its own names and labels",
            where=str(folder / foreign.FILE),
            hint=f"Keep them in labels/schemes/{before.scheme}.yaml, and merge labels with recode in params.yaml.",
        )
    if before.retest_of is not None and not on_server:
        raise GoldwireError(
            f"round {name} is a retest of {before.retest_of}, and the answers of a round made from it would count as "
            "votes",
            where=f"{folder / 'round.yaml'}: retest_of",
            hint=f"Bring the first round along: goldwire labels migrate {before.retest_of}; the mapping holds for "
            "the retest's answers too.",
        )
    if before.adjudicates:
        raise GoldwireError(
            f"round {name} is an adjudication: its page asks why the annotators differed, and shows their answers to "
            f"version {before.scheme_version}",
            where=f"{folder / 'round.yaml'}: adjudicates",
            hint=f"Bring the first round along: goldwire labels migrate {before.adjudicates[0]}; the mapping holds "
            "for the rulings too.",
        )
