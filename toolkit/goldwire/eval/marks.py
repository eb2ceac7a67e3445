"""The mentions that gold has in each unit, for the articles that a report shows."""

from goldwire.eval.result import Mark
from goldwire.study import Study


def marks_of(study: Study, scheme: str) -> dict[str, list[Mark]]:
    """Return the gold mentions of a scheme by unit, with offsets into the text of the unit.

    Offsets in gold_mentions count in the article; what lies outside its unit is left out. A study without that table
    has none.

    Raises
    ------
    GoldwireError
        When a table is not one of ours.
    """
    import pyarrow.compute as pc

    if not study.table("gold_mentions").is_file():
        return {}
    table = study.read("gold_mentions").select(["scheme", "unit_id", "start", "end", "label"])
    rows = table.filter(pc.equal(table["scheme"], scheme)).to_pylist()
    units = study.read("units").select(["unit_id", "start", "end"]).to_pylist()
    bounds = {unit["unit_id"]: (unit["start"] or 0, unit["end"]) for unit in units}
    found: dict[str, list[Mark]] = {}
    for row in rows:
        begin, end = bounds.get(row["unit_id"], (0, None))
        if (
            row["start"] is None
            or row["end"] is None
            or row["start"] < begin
            or (end is not None and row["end"] > end)
        ):
            continue
        mark = Mark(start=row["start"] - begin, end=row["end"] - begin, label=row["label"] or "")
        found.setdefault(row["unit_id"], []).append(mark)
    return found
