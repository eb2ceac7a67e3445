"""Exports that were downloaded by hand. Texts were written for these tests."""

import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.foreign import export_file
from goldwire.labels.foreign.export_file import file_tasks
from goldwire.labels.foreign.export_people import ExportPeople
from goldwire.labels.team import annotators


def task(number: int, text: str, **data: Any) -> dict[str, Any]:
    return {"id": number, "data": {"body": text, **data}, "annotations": [], "project": 7}


EXPORT = [
    {**task(1, "one 😀"), "annotations": [{"id": 1, "result": [], "completed_by": 1}], "predictions": [4]},
    {**task(2, '[{"id": 9, "annotations": [ ,'), "predictions": [{"id": 5, "result": []}], "meta": {"who": "Anna"}},
    {**task(3, "three", id=3, annotations=[{"id": 1, "annotations": []}]), "updated_by": [1], "drafts": []},
]
READ = [
    {
        **task(1, "one 😀"),
        "annotations": [{"id": 1, "result": [], "completed_by": 1}],
        "predictions": [],
        "drafts": [],
    },
    {**task(2, '[{"id": 9, "annotations": [ ,'), "predictions": [{"id": 5, "result": []}], "drafts": []},
    {**task(3, "three", id=3, annotations=[{"id": 1, "annotations": []}]), "predictions": [], "drafts": []},
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(EXPORT),
        json.dumps(EXPORT, ensure_ascii=False, separators=(",", ":")),
        json.dumps(EXPORT, indent=2),
        "\ufeff\n " + json.dumps(EXPORT, indent=1) + "\n",
        "\n".join(json.dumps(task) for task in EXPORT),
        "\n".join(json.dumps(task, indent=4) for task in EXPORT),
    ],
)
@pytest.mark.parametrize("window", [40, 100, 300, 1 << 20])
def test_an_export_is_read_however_it_is_written_and_packed(
    content: str, window: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_file, "_WINDOW", window)  # cuts fall everywhere, in tasks too
    raw = content.encode()
    (tmp_path / "plain.json").write_bytes(raw)
    (tmp_path / "packed.json.gz").write_bytes(gzip.compress(raw))
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project-1/result.json", raw)
        archive.writestr("notes.txt", "hello")
    for path in sorted(tmp_path.iterdir()):
        assert list(file_tasks(path)) == READ, path


@pytest.mark.parametrize("indent", [None, 1])
def test_a_long_export_is_read_in_bounded_memory(indent: int | None, tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    spans = [{"id": str(n), "type": "labels", "value": {"start": n, "labels": ["a"]}} for n in range(30)]
    one = {**task(1, "word " * 200), "annotations": [{"id": 1, "result": spans, "completed_by": 1}]}
    line = json.dumps(one, indent=indent).encode().partition(b"1,")[2]
    with path.open("wb") as stream:
        for number in range(1500):
            stream.write((b"[" if number == 0 else b", ") + b'{"id": %d,' % number + line)
        stream.write(b"]")
    assert path.stat().st_size > 3_000_000
    tracemalloc.start()
    numbers = [found["id"] for found in file_tasks(path)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers == list(range(1500))
    assert peak < 30_000_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('id,text,who\n1,"a",x\n', "CSV"),
        ("id\ttext\twho\n1\ta\tx\n", "TSV"),
        ("-DOCSTART- -X- O\nMira -X- _ B-PER\n", "CONLL"),
        ('[{"id": 1, "body": "a", "annotator": 1, "annotation_id": 2}]', "JSON_MIN"),
        ('[{"data": {"body": "a"}}]', "not from an export"),
        ('[{"id": 1, "data": {"body": "a"}, "annotations": []}]', "lacks its project's number"),
        ("[1]", "not a whole array of JSON objects"),
        ("[]", "no task in the file"),
        ("", "no task in the file"),
        ("<xml/>", "no JSON"),
        ('[{"id": 1, "project": 7, "data": {"body": "a"}, "annotations": []}, {"id": 2, "da', "after task 1"),
        ('[{"id": 1, "project": 7, "data": {"body": "a"}, "annotations": []}', "after task 1"),
        ('{"id": 1, "project": 7, "data": {"body": "a"}, "annotations": []}\n{"id": 2', "after task 1"),
    ],
)
def test_another_file_is_refused_with_what_to_download(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "export").write_text(content, encoding="utf-8")
    with pytest.raises(GoldwireError, match=message) as error:
        list(file_tasks(tmp_path / "export"))
    assert "then JSON" in str(error.value.hint)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(EXPORT * 50).encode())
    (tmp_path / "cut.gz").write_bytes(packed[:-30])
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.json", "[]")
        archive.writestr("b.json", "[]")
    with pytest.raises(GoldwireError, match="damaged"):
        list(file_tasks(tmp_path / "cut.gz"))
    with pytest.raises(GoldwireError, match=r"2 JSON files: a\.json, b\.json"):
        list(file_tasks(tmp_path / "two.zip"))
    with pytest.raises(GoldwireError, match="is not there"):
        list(file_tasks(tmp_path / "none.json"))


def test_whoever_answered_gets_a_pseudonym_by_address_or_by_number(tmp_path: Path) -> None:
    path = tmp_path / "annotators.csv"
    people = ExportPeople(annotators.read(path), 12)
    given = [{"id": 3, "email": "Anna@example.org", "first_name": "Anna"}, 3, 4, {"id": 4}, None]
    found = [people.pseudonym(user) for user in given]
    assert found == ["annotator-01", "annotator-02", "annotator-03", "annotator-03", None]
    other = ExportPeople(annotators.read(path), 13)
    assert other.pseudonym(4) == "annotator-04"  # somebody else, as far as anybody knows
    assert path.read_text(encoding="utf-8") == (
        "email,pseudonym\nanna@example.org,annotator-01\nuser-3@project-12,annotator-02\n"
        "user-4@project-12,annotator-03\nuser-4@project-13,annotator-04\n"
    )
    (remark,) = people.remarks("old")
    assert "annotator-02, annotator-03 may be annotators who have another pseudonym" in remark
    assert remark.endswith("goldwire labels pull old --project 12")
    assert ExportPeople(annotators.read(path), 12).remarks("old") == []


def test_a_number_is_whoever_gave_the_same_answer_before(tmp_path: Path) -> None:
    people = ExportPeople(annotators.read(tmp_path / "annotators.csv"), 12, {5: "anna"})
    answers = [{"id": 5, "completed_by": 3}, {"id": 6, "completed_by": 4}, {"id": 7, "completed_by": None}]
    people.task({"id": 1, "annotations": answers})
    assert [people.pseudonym(user) for user in (3, {"id": 3}, 4)] == ["anna", "anna", "annotator-01"]
    assert people.unknown == {"annotator-01"}
