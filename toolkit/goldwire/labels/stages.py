"""The offline stages of a study, one function each: they read tables, call the room, and write tables.

build -> agreement, gold -> dataset. Each is what the DVC stage of its name runs.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import read_json, write_json
from goldwire.labels.dataset.build import Dataset
from goldwire.labels.decide import Ties
from goldwire.labels.estimate import Method
from goldwire.labels.fold import Problem
from goldwire.labels.gold.merge import Gold
from goldwire.labels.recode import check_recode
from goldwire.labels.schemes import schemes_of
from goldwire.labels.splits.division import Division
from goldwire.study import Params, Study

AGREEMENT = "agreement.json"


def build(study: Study) -> tuple[dict[str, int], list[Problem]]:
    """Fold every round into units, votes, vote_mentions and vote_relations, under the current version of its scheme.

    Returns
    -------
    tuple
        The number of rows of each table, and what the server sent that no table has a place for.
    """
    from goldwire.labels.fold import build_tables
    from goldwire.labels.migrate.chain import recast_tables

    folded, problems = build_tables(study)
    made = recast_tables(study, folded)
    for name, table in made.items():
        tables.write(table, study.table(name))
    return {name: table.num_rows for name, table in made.items()}, problems


def agreement(study: Study) -> dict[str, Any]:
    """Measure agreement on everything that was asked, as params.yaml says, into labels/tables/agreement.json."""
    from goldwire.labels.agreement.study import of_study

    value = of_study(study)
    write_json(study.table("votes").with_name(AGREEMENT), value)
    return value


def gold(study: Study, *, method: Method | None = None, ties: Ties | None = None, seed: int | None = None) -> Gold:
    """Decide every unit into gold, gold_mentions and gold_relations: as params.yaml says, but for what is given."""
    from goldwire.labels.gold.merge import gold as decide

    params, votes = study.params(), study.read("votes")
    check_recode(params.recode, schemes := schemes_of(study, votes), study.params_file)
    made = decide(
        votes,
        study.read("vote_mentions"),
        study.read("vote_relations"),
        schemes,
        params.recode,
        method=method or params.gold.method,
        ties=ties or params.gold.ties,
        seed=params.seed if seed is None else seed,
    )
    how = {"method": made.method, "ties": made.ties, "seed": str(made.seed)}
    tables.write(made.gold.replace_schema_metadata(how), study.table("gold"))
    tables.write(made.gold_mentions, study.table("gold_mentions"))
    tables.write(made.gold_relations, study.table("gold_relations"))
    return made


def compare_methods(study: Study, *, seed: int | None = None) -> dict[str, Any]:
    """Score the methods against the rulings of what was in dispute, and write nothing.

    See `goldwire.labels.gold.compare_study.compare_study`.
    """
    from goldwire.labels.adjudicate.kept import disputed
    from goldwire.labels.clusters import clusters_of
    from goldwire.labels.gold.compare_study import compare_study

    params, votes = study.params(), study.read("votes")
    check_recode(params.recode, schemes := schemes_of(study, votes), study.params_file)
    return compare_study(
        votes,
        study.read("vote_mentions"),
        study.read("vote_relations"),
        schemes,
        params.recode,
        clusters_of(study.read("units"), study.read("articles")),
        disputed(study),
        seed=params.seed if seed is None else seed,
        resamples=params.eval.resamples,
        level=params.eval.level,
    )


def dataset(
    study: Study,
    *,
    params: Params | None = None,
    checks: Callable[[pa.Table], list[dict[str, Any]]] | None = None,
) -> tuple[Dataset, Division, list[dict[str, Any]] | None]:
    """Divide the units and write labels/dataset. Units that the last division placed stay where they are.

    Units that a model chose train, and never test; see `goldwire.labels.by_model.chosen_units`.

    Parameters
    ----------
    params : Params, optional
        In place of params.yaml.
    checks : callable, optional
        Given the table `splits` before anything is written, it returns findings for the card; when it raises,
        nothing is written.

    Returns
    -------
    tuple
        The dataset, how the units were divided, and the findings (None without `checks`).
    """
    from goldwire.labels.by_model import chosen_units
    from goldwire.labels.dataset.build import build_dataset
    from goldwire.labels.dataset.releases import guard
    from goldwire.labels.splits.division import split
    from goldwire.labels.splits.recipe import read_previous

    params = params or study.params()
    _refuse_other_gold(study)
    read = {
        name: study.read(name) for name in ("articles", "units", "votes", "gold", "gold_mentions", "gold_relations")
    }
    before = read_previous(study.table("splits"))
    division = split(
        read["units"],
        read["articles"],
        read["gold"],
        params.splits,
        params.seed,
        before,
        params.version,
        chosen_units(study, read["votes"]),
    )
    found = None if checks is None else checks(division.table)
    measured = study.table("votes").with_name(AGREEMENT)
    made = build_dataset(
        study.dataset,
        **read,
        splits=division.table,
        schemes=list(schemes_of(study, read["votes"], read["gold"]).values()),
        params=params,
        agreement=read_json(measured) if measured.exists() else None,
        notes=division.notes,
        checks=found,
        samples=_samples(study, read["votes"]),
        agreed=partial(guard, study, params.version),
    )
    tables.write(division.table, study.table("splits"))
    return made, division, found


def _samples(study: Study, votes: pa.Table) -> dict[str, list[dict[str, Any]]]:
    """Return how the articles of each round were drawn, where they are a sample."""
    from goldwire.labels import rounds

    folders = [study.rounds / name for name in sorted(filter(None, votes["round"].unique().to_pylist()))]
    read = [rounds.read(folder) for folder in folders if (folder / "round.yaml").is_file()]
    return {one.round: one.sample for one in read if one.sample}


def _refuse_other_gold(study: Study) -> None:
    """The card and the signature name the method of params.yaml, so gold must have been decided by it."""
    import pyarrow.parquet as pq

    if not study.table("gold").is_file():
        return  # reading it says what to do
    params = study.params()
    wanted = {"method": params.gold.method, "ties": params.gold.ties, "seed": str(params.seed)}
    said = {
        key.decode(): value.decode() for key, value in (pq.read_schema(study.table("gold")).metadata or {}).items()
    }
    for name, value in wanted.items():
        if said.get(name, value) != value:
            raise GoldwireError(
                f"gold was decided with {name} {said[name]}, and params.yaml says {value}",
                where=str(study.table("gold")),
                hint="Decide again with: goldwire labels gold, or write in params.yaml what gold was decided with.",
            )
