"""The dataset: a folder that Hugging Face `datasets` loads by its path, one Parquet file a config and split."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.files import replacing_folder, write_json, write_text
from goldwire.labels.card.card import card
from goldwire.labels.dataset import citation, croissant
from goldwire.labels.dataset.configs import configs
from goldwire.labels.dataset.digest import digest_of
from goldwire.labels.dataset.fitting import refuse_other_schemes
from goldwire.labels.dataset.joins import one, positions
from goldwire.labels.dataset.parquet import header, write
from goldwire.labels.dataset.scrub import scrubbed
from goldwire.labels.dataset.texts import RECORD, withheld
from goldwire.provenance import signature
from goldwire.scheme import Scheme
from goldwire.study import Params


@dataclass(frozen=True)
class Dataset:
    """What was built.

    Attributes
    ----------
    folder : Path
        Where it is.
    rows : dict
        The number of rows of each config and split.
    digest : str
        Of the content; see `digest_of`.
    signature : str
        One line that names data, schemes, seed and version, as it stands in the card.
    notes : list of str
        What was masked, in sentences.
    """

    folder: Path
    rows: dict[str, dict[str, int]]
    digest: str
    signature: str
    notes: list[str] = field(default_factory=list)


def build_dataset(
    folder: Path,
    *,
    articles: pa.Table,
    units: pa.Table,
    votes: pa.Table,
    gold: pa.Table,
    gold_mentions: pa.Table,
    gold_relations: pa.Table,
    splits: pa.Table,
    schemes: Sequence[Scheme],
    params: Params,
    agreement: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
    checks: Sequence[Mapping[str, Any]] | None = None,
    samples: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    agreed: Callable[[str], None] | None = None,
) -> Dataset:
    """Write the dataset folder, whole or not at all: the same bytes for the same rows, in whatever order they come.

    Parameters
    ----------
    folder : Path
        Replaced as it is, so it should hold nothing else.
    articles, units, votes, gold, gold_mentions, gold_relations, splits : pa.Table
        The tables of these names; `gold` with `params.recode` applied.
    schemes : sequence of Scheme
        Every scheme of `gold`; one without gold yields an empty config.
    agreement : mapping, optional
        What ``goldwire labels agreement --json`` prints, for the card.
    notes : sequence of str
        Sentences on how the units were divided, for the card.
    checks : sequence of mapping, optional
        Findings of the checks, for the card; None when they did not run.
    samples : mapping, optional
        How the articles of rounds were drawn, for the card: round -> designs, see
        `goldwire.labels.sampled.designs_of`.
    agreed : callable, optional
        Given the digest before the old folder is replaced; when it raises, that stays.

    Returns
    -------
    Dataset

    Raises
    ------
    GoldwireError
        When the tables do not fit one another (see `configs.configs`), there are answers to a scheme that is not
        given or has changed since, or a file cannot be written.
    """
    given = {
        "articles": articles,
        "units": units,
        "votes": votes,
        "gold": gold,
        "gold_mentions": gold_mentions,
        "gold_relations": gold_relations,
    }
    refuse_other_schemes({name: table for name, table in given.items() if "scheme" in table.column_names}, schemes)
    masked = scrubbed(given) if params.dataset.scrub else None
    given = masked.tables if masked else given
    schemes = sorted(schemes, key=lambda scheme: scheme.name)
    listed = configs(
        articles=given["articles"],
        units=given["units"],
        votes=given["votes"],
        gold=given["gold"],
        mentions=given["gold_mentions"],
        relations=given["gold_relations"],
        splits=splits,
        schemes=schemes,
        recode=params.recode,
        method=params.gold.method,
    )
    without = None if params.dataset.texts else withheld(listed, scrubbed=params.dataset.scrub)
    listed = without.configs if without else listed
    with replacing_folder(folder) as temporary:
        written = [(config, write(config, temporary)) for config in listed]
        digest = digest_of(temporary)
        if agreed is not None:
            agreed(digest)
        line = signature(
            {
                "dataset": params.version,
                "data": digest,
                **{f"scheme.{scheme.name}": f"{scheme.version}:{scheme.hash}" for scheme in schemes},
                "seed": params.seed,
            }
        )
        pa.default_memory_pool().release_unused()  # what was written is not needed again, and the card counts votes
        text = card(
            listed,
            schemes,
            params,
            header=header(written),
            agreement=agreement,
            left_out=_left_out(units, splits),
            signature=line,
            notes=notes,
            checks=checks,
            samples=samples or {},
        )
        write_text(temporary / "README.md", text)
        write_json(temporary / croissant.FILE, croissant.croissant(temporary, listed, params, digest))
        if (cited := citation.citation(params, digest)) is not None:
            write_text(temporary / citation.FILE, cited)
        if without is not None:
            write_json(temporary / RECORD, without.record)
    rows = {config.name: {name: size.rows for name, size in sizes.items()} for config, sizes in written}
    return Dataset(folder, rows, digest, line, masked.notes if masked else [])


def _left_out(units: pa.Table, splits: pa.Table) -> list[str]:
    """Return the articles of units that have no split."""
    split = one(splits["split"]).take(positions(units["unit_id"], splits["unit_id"]))
    return sorted(one(units["article_id"]).filter(split.is_null()).unique().to_pylist())
