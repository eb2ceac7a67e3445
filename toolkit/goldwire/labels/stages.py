"""The offline stages of a study, one function each: they read tables, call the room, and write tables.

build -> agreement, gold -> dataset. Each is what the DVC stage of its name runs.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import read_json, write_json
from goldwire.labels.dataset import Dataset
from goldwire.labels.fold import Problem
from goldwire.labels.gold import Gold
from goldwire.labels.splits import Division
from goldwire.scheme import Scheme, load
from goldwire.study import Study

AGREEMENT = "agreement.json"


def schemes_of(study: Study, table: pa.Table) -> dict[str, Scheme]:
    """Return the schemes that a table's rows name, from the study, by name."""
    return {name: load(name, study.schemes) for name in sorted(table["scheme"].unique().to_pylist())}


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
    """Measure agreement on every question, with the recoding of params.yaml, into labels/tables/agreement.json."""
    from goldwire.labels.agreement import agreement as measure
    from goldwire.labels.agreement import clusters_of

    params, votes = study.params(), study.read("votes")
    _known(params.recode, schemes := schemes_of(study, votes), study.params_file)
    value = measure(
        votes,
        clusters=clusters_of(study.read("units"), study.read("articles")),
        schemes=schemes,
        recode=params.recode,
        resamples=params.eval.resamples,
        level=params.eval.level,
        seed=params.seed,
    )
    write_json(study.table("votes").with_name(AGREEMENT), value)
    return value


def gold(study: Study) -> Gold:
    """Decide every unit, with the recoding of params.yaml, into gold, gold_mentions and gold_relations."""
    from goldwire.labels.gold import gold as decide

    recode, votes = study.params().recode, study.read("votes")
    _known(recode, schemes := schemes_of(study, votes), study.params_file)
    made = decide(votes, study.read("vote_mentions"), study.read("vote_relations"), schemes, recode)
    tables.write(made.gold, study.table("gold"))
    tables.write(made.gold_mentions, study.table("gold_mentions"))
    tables.write(made.gold_relations, study.table("gold_relations"))
    return made


def dataset(study: Study) -> tuple[Dataset, Division]:
    """Divide the units and write labels/dataset. Units that the last division placed stay where they are."""
    from goldwire.labels.dataset import build_dataset
    from goldwire.labels.splits import split

    params = study.params()
    read = {
        name: study.read(name) for name in ("articles", "units", "votes", "gold", "gold_mentions", "gold_relations")
    }
    before = study.read("splits") if study.table("splits").exists() else None
    division = split(
        read["units"], read["articles"], read["gold"], params.splits, params.seed, before, params.version
    )
    measured = study.table("votes").with_name(AGREEMENT)
    made = build_dataset(
        study.dataset,
        **read,
        splits=division.table,
        schemes=list(schemes_of(study, read["votes"]).values()),
        params=params,
        agreement=read_json(measured) if measured.exists() else None,
    )
    tables.write(division.table, study.table("splits"))
    return made, division


def _known(recode: Mapping[str, Mapping[str, Mapping[str, str]]], schemes: Mapping[str, Scheme], file: Path) -> None:
    """A recoding of something that is not there would be silently without effect: refuse it."""
    for name, questions in recode.items():
        if name not in schemes:
            raise GoldwireError(
                f'there are no votes with the scheme "{name}"', where=f"{file}: recode.{name}", hint="Mend its name."
            )
        for question, labels in questions.items():
            known = _labels(schemes[name]).get(question)
            if known is None:
                raise GoldwireError(
                    f'scheme {name} has no "{question}"',
                    where=f"{file}: recode.{name}.{question}",
                    hint=f"It has: {', '.join(_labels(schemes[name]))}",
                )
            if unknown := sorted(set(labels) - known):
                raise GoldwireError(
                    f'"{unknown[0]}" is no label of {question}',
                    where=f"{file}: recode.{name}.{question}",
                    hint=f"It has: {', '.join(sorted(known))}",
                )


def _labels(scheme: Scheme) -> dict[str, set[str]]:
    """Everything that can be recoded: questions, layers, attributes, relations, each with its labels."""
    found = {question.name: set(question.label_names()) for question in scheme.questions}
    for layer in scheme.mentions:
        found[layer.name] = {label.name for label in layer.labels}
        for attribute in layer.attributes:
            found.setdefault(attribute.name, set()).update(attribute.label_names())
    if scheme.relations:
        found["relation"] = {relation.name for relation in scheme.relations}
    return found
