"""What the dataset card says about articles, sampling, decisions and splits, counted from the configs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from goldwire.labels.dataset.config import UNASSIGNED, Config
from goldwire.labels.splits.division import SPLITS

SHOWN = 20  # rows of a table of outlets or chances, and articles that a sentence names
_DECIDED = ("unanimous", "majority", "aggregated", "adjudicated", "unresolved")


def sizes(configs: Sequence[Config]) -> list[tuple[Config, dict[str, int]]]:
    """Return the rows of each config by split: those of `SPLITS`, and `UNASSIGNED`."""
    found = []
    for config in configs:
        counts = dict(_counted(config.table["split"]))
        found.append((config, {name: counts.get(name, 0) for name in (*SPLITS, UNASSIGNED)}))
    return found


def sources(articles: pa.Table) -> dict[str, Any]:
    """Return how many articles and stories there are, and their outlets, languages and dates."""
    import pyarrow.compute as pc

    outlets, languages = _counted(articles["outlet"]), _counted(articles["language"])
    ordered = [pair for pair in outlets if pair[0]]
    dates = pc.min_max(articles["published_at"]).as_py()
    return {
        "articles": articles.num_rows,
        "stories": pc.count_distinct(articles["story_id"]).as_py(),
        "outlets": ordered[:SHOWN],
        "more_outlets": (len(ordered[SHOWN:]), sum(n for _, n in ordered[SHOWN:])),
        "without_outlet": articles["outlet"].null_count,
        "languages": [pair for pair in languages if pair[0]],
        "without_language": articles["language"].null_count,
        "dates": dates["min"] and tuple(dates[end].date().isoformat() for end in ("min", "max")),
        "without_date": articles["published_at"].null_count,
    }


def chances(gold: pa.Table) -> dict[str, Any]:
    """Return with which probabilities the labelled units were drawn: (probability, units), the largest first.

    Returns
    -------
    dict
        "drawn", at most `SHOWN` of these; "others", how many more there are; "unknown", units without one; "whole",
        whether every unit has the probability 1; "least" and "most".
    """
    units = gold.select(["unit_id", "probability"]).group_by(["unit_id", "probability"]).aggregate([])
    counts = dict(_counted(units["probability"]))
    unknown = counts.pop(None, 0)
    found = sorted(counts.items(), reverse=True)
    return {
        "drawn": found[:SHOWN],
        "others": len(found[SHOWN:]),
        "unknown": unknown,
        "whole": not unknown and [value for value, _ in found] == [1.0],
        "least": found[-1][0] if found else None,
        "most": found[0][0] if found else None,
    }


def decisions(gold: pa.Table) -> Iterator[tuple[str, list[int], int]]:
    """Yield (question, units by who decided them, ties)."""
    columns = ["scheme", "question", "decided_by", "tied"]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in gold.select(columns).group_by(columns).aggregate([([], "count_all")]).to_pylist():
        counter = found[f"{one['scheme']}.{one['question']}"]
        counter[one["decided_by"]] += one["count_all"]
        counter["tied"] += one["count_all"] if one["tied"] else 0
    for name in sorted(found):
        yield name, [found[name][by] for by in _DECIDED], found[name]["tied"]


def _counted(column: pa.ChunkedArray) -> list[tuple[Any, int]]:
    """Return the values of a column, null among them, with how often they occur: the most frequent first."""
    import pyarrow.compute as pc

    pairs = [(one["values"], one["counts"]) for one in pc.value_counts(column).to_pylist()]
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))
