"""Whether tables fit one another and their schemes: a dataset is not made of answers to something else."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.joins import known, one
from goldwire.scheme import Scheme


def refuse_other_schemes(answers: Mapping[str, pa.Table], schemes: Sequence[Scheme]) -> None:
    """Raise when tables hold answers to a scheme that is not given, or to another state of one.

    Parameters
    ----------
    answers : mapping
        Tables with scheme and scheme_hash, by name.
    schemes : sequence of Scheme

    Raises
    ------
    GoldwireError
        The message names the schemes, or the scheme and both states of it.
    """
    given = {scheme.name: scheme for scheme in schemes}
    asked = {
        name: table.select(["scheme", "scheme_hash"]).group_by(["scheme", "scheme_hash"]).aggregate([]).to_pylist()
        for name, table in answers.items()
    }
    if missing := sorted({str(row["scheme"]) for rows in asked.values() for row in rows} - given.keys()):
        raise GoldwireError(
            f"there are answers to a scheme that is not here: {', '.join(missing)}",
            hint="Put its file into labels/schemes.",
        )
    for name, rows in asked.items():
        for row in sorted(rows, key=str):
            scheme, hash_ = given[row["scheme"]], row["scheme_hash"]
            if hash_ is not None and hash_ != scheme.hash:
                raise GoldwireError(
                    f"{name} has answers to another state of the scheme {scheme.name} ({hash_}) than the one that is "
                    f"here ({scheme.version}, {scheme.hash})",
                    where=f"labels/schemes/{scheme.name}.yaml",
                    hint="Bring the old file back; or say what became of its labels with: goldwire labels migrate "
                    "ROUND, then goldwire labels build and goldwire labels gold",
                )


def refuse_misplaced(mentions: pa.Table, frame: pa.Table, articles: pa.Table) -> None:
    """Raise when a mention is not the text at its place.

    Parameters
    ----------
    mentions : pa.Table
        `gold_mentions`.
    frame : pa.Table
        See `goldwire.labels.dataset.frame`.
    articles : pa.Table
        Each article of the frame is there.
    """
    article = one(frame["article_id"]).take(pa.array(known(mentions, "unit_id", frame, "gold_mentions", "units")))
    spans = pa.table({name: mentions[name] for name in ("mention_id", "start", "end", "text")} | {"of": article})
    at = known(spans.rename_columns({"of": "article_id"}), "article_id", articles, "gold_mentions", "articles")
    order = np.argsort(at, kind="stable")
    rows = spans.take(pa.array(order))
    last, whole = -1, ""
    for place, row in zip(at[order].tolist(), rows.to_pylist(), strict=True):
        if place != last:  # one text at a time
            last, whole = place, articles["text"][place].as_py()
        if (found := whole[row["start"] : row["end"]]) != row["text"]:
            raise GoldwireError(
                f'mention {row["mention_id"]} is "{row["text"]}", but article {row["of"]} has "{found}" there',
                where=f"{row['of']}:{row['start']}-{row['end']}",
                hint="The article was changed after it was labelled: import it again as it was.",
            )
