"""Which units of a study a model chose, and which it may choose: they train, and never test."""

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.labels import rounds
from goldwire.labels.splits import by_time
from goldwire.labels.splits.chosen import TRAIN, can_train
from goldwire.labels.splits.continued import asked_of, before_of
from goldwire.labels.splits.items import NONE, Flags, of_study
from goldwire.labels.splits.recipe import asked, changed, read_previous
from goldwire.study import Study


def chosen_units(study: Study, votes: pa.Table) -> set[str]:
    """Return the units that are labelled, by some scheme, because a model chose them.

    One that stands in a round as well whose units no model chose counts as drawn, once it has an answer there:
    without one, it is the model's choice that it is among the labelled.

    Parameters
    ----------
    study : Study
    votes : pa.Table
        `votes`.
    """
    read = [rounds.read(folder) for folder in rounds.listing(study.rounds)]
    by_model = [one for one in read if one.chosen_by]
    if not by_model:
        return set()
    asked_about = {
        (one.scheme, task["data"]["unit_id"]) for one in by_model for task in rounds.tasks(study.rounds / one.round)
    }
    columns = ["scheme", "unit_id", "round", "purpose", "status"]
    names = {one.round for one in by_model}
    drawn = {
        (scheme, unit)
        for scheme, unit, name, purpose, status in zip(
            *(votes[column].to_pylist() for column in columns), strict=True
        )
        if purpose == rounds.VOTE and status == "submitted" and name not in names
    }
    return {unit for _, unit in asked_about - drawn}


def may_be_chosen(study: Study, units: pa.Table) -> Flags:
    """Return which units can train, as the study is divided: all of them where it is not yet, or would be anew.

    Others share a story with validation or test, or what else keeps units together; or are later than train.

    Parameters
    ----------
    study : Study
    units : pa.Table
        `units`, of articles of the study.

    Raises
    ------
    GoldwireError
        When an article is missing.
    """
    everything = np.ones(len(units), bool)
    if (previous := read_previous(study.table("splits"))) is None or not len(units):
        return everything
    params = study.params()
    change = changed(previous, asked(params.splits, params.seed))
    if change.anew:
        return everything
    articles = study.read("articles")
    known = study.read("units")
    new = set(units["unit_id"].to_pylist()) - set(known["unit_id"].to_pylist())
    added = units.filter(pa.array([unit in new for unit in units["unit_id"].to_pylist()], pa.bool_()))
    items = of_study(pa.concat_tables([known, added]), articles, tables.build("gold", []), params.splits)
    how = asked_of(items, articles, params.splits, params.seed)
    _, before = before_of(items, previous, params.splits, change)
    if how.official is not None:
        can = how.official <= TRAIN
    else:
        late = None
        if how.moments is not None and how.dated is not None and before.cuts:
            late = np.where(how.dated, by_time.late_of(how.moments, np.array(before.cuts, np.int64)), NONE)
        can = can_train(items, before.splits, late)
    able = {unit for unit, yes in zip(items.ids, can.tolist(), strict=True) if yes}
    return np.array([unit in able for unit in units["unit_id"].to_pylist()], bool)
