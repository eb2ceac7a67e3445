"""The dataset: a folder that Hugging Face `datasets` loads by its path, one Parquet file a config and split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.files import replacing_folder, write_text
from goldwire.labels.card.card import card
from goldwire.labels.dataset.configs import Config, configs
from goldwire.labels.dataset.digest import digest_of
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
    """

    folder: Path
    rows: dict[str, dict[str, int]]
    digest: str
    signature: str


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

    Returns
    -------
    Dataset

    Raises
    ------
    GoldwireError
        When the tables do not fit one another (see `features.configs`) or gold has a scheme that is not given.
    """
    import pyarrow.parquet as pq

    known = {scheme.name for scheme in schemes}
    if missing := sorted({name for t in (gold, votes) for name in t["scheme"].unique().to_pylist()} - known):
        raise GoldwireError(
            f"there are answers to a scheme that is not here: {', '.join(missing)}",
            hint="Put its file into labels/schemes.",
        )
    schemes = sorted(schemes, key=lambda scheme: scheme.name)
    listed = configs(
        articles=articles,
        units=units,
        votes=votes,
        gold=gold,
        mentions=gold_mentions,
        relations=gold_relations,
        splits=splits,
        schemes=schemes,
        recode=params.recode,
    )
    with replacing_folder(folder) as temporary:
        infos = []
        for config in listed:
            schema = _features(config).arrow_schema
            sizes = {}
            for name, part in config.parts().items():
                path = temporary / config.name / f"{name}.parquet"
                path.parent.mkdir(exist_ok=True)
                table = part.combine_chunks().cast(schema)
                with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                    if table.num_rows:  # `datasets` fails on a row group without rows, but not on no row group
                        writer.write_table(table)
                sizes[name] = (table.num_rows, table.nbytes, path.stat().st_size)
            infos.append((config, sizes))
        digest = digest_of(temporary)
        line = signature(
            {
                "dataset": params.version,
                "data": digest,
                **{f"scheme.{scheme.name}": f"{scheme.version}:{scheme.hash}" for scheme in schemes},
                "seed": params.seed,
            }
        )
        text = card(
            listed,
            schemes,
            params,
            header=_header(infos),
            agreement=agreement,
            left_out=_left_out(units, splits),
            signature=line,
        )
        write_text(temporary / "README.md", text)
    rows = {config.name: {name: size[0] for name, size in sizes.items()} for config, sizes in infos}
    return Dataset(folder, rows, digest, line)


def _features(config: Config) -> Any:
    """Return the `datasets.Features` of a config."""
    from datasets import ClassLabel, Features, List

    features = Features.from_arrow_schema(config.table.schema)
    for column, names in config.classes.items():
        label = ClassLabel(names=names)
        features[column] = List(label) if pa.types.is_list(config.table.schema.field(column).type) else label
    return features


def _header(infos: Sequence[tuple[Config, Mapping[str, tuple[int, int, int]]]]) -> dict[str, Any]:
    """Return the part of the card's YAML header by which `datasets` finds files, features and sizes.

    One empty split keeps `datasets` from loading the others (huggingface/datasets#8401), so it is not listed. A
    config without any rows lists train: it can be streamed.
    """
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict
    from huggingface_hub import DatasetCardData

    described = DatasetInfosDict()
    listed = []
    for config, found in infos:
        sizes = {name: size for name, size in found.items() if size[0]} or {"train": found["train"]}
        splits = [{"name": name, "num_bytes": n, "num_examples": rows} for name, (rows, n, _) in sizes.items()]
        described[config.name] = DatasetInfo(
            features=_features(config),
            splits=SplitDict.from_split_dict(splits),
            download_size=sum(size for _, _, size in sizes.values()),
            dataset_size=sum(n for _, n, _ in sizes.values()),
        )
        files = [{"split": name, "path": f"{config.name}/{name}.parquet"} for name in sizes]
        default = {"default": True} if config.name == "gold" else {}
        listed.append({"config_name": config.name, "data_files": files, **default})
    data = DatasetCardData()
    described.to_dataset_card_data(data)
    return {"configs": listed, "dataset_info": data["dataset_info"]}


def _left_out(units: pa.Table, splits: pa.Table) -> list[str]:
    """Return the articles of units that have no split."""
    placed = dict(zip(splits["unit_id"].to_pylist(), splits["split"].to_pylist(), strict=True))
    pairs = zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True)
    return sorted({article for unit, article in pairs if placed.get(unit) is None})
