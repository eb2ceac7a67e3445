"""The comparison by joins against one that goes through the rows in Python."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.labels.diff.compare import diff
from goldwire.study import Study

VOTES = st.dictionaries(
    st.tuples(st.sampled_from(["s", "t"]), st.sampled_from("qr"), st.sampled_from("uvw"), st.sampled_from("ab")),
    st.one_of(st.none(), st.text(max_size=2), st.lists(st.sampled_from(["x", "y", "z z"]), unique=True, max_size=3)),
    max_size=8,
)


def study(folder: Path, votes: dict[tuple[str, ...], Any]) -> None:
    rows = [
        {
            **dict(zip(("scheme", "question", "unit_id", "annotator"), key, strict=True)),
            "labels": answer if isinstance(answer, list) else None,
            "value": answer if isinstance(answer, str) else None,
            "counts": True,
        }
        for key, answer in votes.items()
    ]
    table = tables.build("votes", rows)
    folder.mkdir()
    (folder / "params.yaml").write_text("")
    assert isinstance(table, pa.Table)
    tables.write(table, Study(folder).table("votes"))


def same(answer: Any) -> Any:
    return sorted(answer) if isinstance(answer, list) else answer


@settings(max_examples=25, deadline=None)
@given(VOTES, VOTES)
def test_votes_differ_as_rows_do(old: dict[Any, Any], new: dict[Any, Any]) -> None:
    with tempfile.TemporaryDirectory() as made:
        study(Path(made) / "one", old)
        study(Path(made) / "two", new)
        found = diff("one", "two", Path(made))["votes"]
    people: dict[str, dict[str, int]] = {}
    changed = {}
    for key in old.keys() | new.keys():
        if key in old and key in new:
            if same(old[key]) == same(new[key]):
                continue
            kind, changed[key] = "changed", (same(old[key]), same(new[key]))
        else:
            kind = "added" if key in new else "removed"
        people.setdefault(key[3], {"added": 0, "removed": 0, "changed": 0})[kind] += 1
    assert found["annotators"] == people
    names = ("scheme", "question", "unit_id", "annotator")
    assert {tuple(row[n] for n in names): (row["from"], row["to"]) for row in found["changed"]} == changed
