"""People of a real Label Studio who are no members any more."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from goldwire import studio
from goldwire.labels import parts
from goldwire.labels.exchange.members import Members, earlier, recalled
from goldwire.labels.server import connect
from goldwire.labels.team import annotators

NOBODY = 999_999


@pytest.mark.server
def test_a_former_member_keeps_the_pseudonym_of_what_they_gave_or_gets_one_of_this_server(
    label_studio: studio.Server, tmp_path: Path
) -> None:
    client, path = connect(label_studio.url, label_studio.api_key), tmp_path / "annotators.csv"
    annotators.write(path, {"jane@x.org": "jane"})
    members = Members(client, annotators.read(path))
    assert members.pseudonym_or_former(NOBODY) == members.pseudonym_or_former(NOBODY) == "annotator-02"
    host = urlsplit(client.url).netloc
    assert path.read_text(encoding="utf-8").splitlines()[2:] == [f"former-member-{NOBODY}@{host},annotator-02"]
    assert [key for key in annotators.read(path).known if annotators.is_person(key)] == ["jane@x.org"]

    members = Members(client, annotators.read(path))
    tasks = [{"id": 1, "annotations": [{"id": 5, "completed_by": NOBODY}, {"id": 6, "completed_by": None}]}]
    assert list(members.recall(tasks, {5: "jane", 6: "x"})) == tasks
    assert members.pseudonym_or_former(NOBODY) == "jane"
    assert members.pseudonym_or_former(None) is None


def test_who_gave_an_answer_is_known_from_the_parts_when_it_has_gone_too(tmp_path: Path) -> None:
    def task(*given: tuple[int, str | None]) -> parts.Task:
        answers = [{"id": number, "result": [], "completed_by": {"pseudonym": who}} for number, who in given]
        return {"id": 1, "data": {}, "annotations": answers, "predictions": []}

    assert earlier(tmp_path) == {}
    parts.append(tmp_path, {"project": 1}, [task((5, "anna"), (6, "bert"), (7, None))], [])
    parts.append(tmp_path, {"project": 1}, [task((6, "cora"))], [])
    assert earlier(tmp_path) == {5: "anna", 6: "cora"}


def test_people_are_recalled_by_the_number_of_their_account() -> None:
    answers = [
        {"id": 5, "completed_by": 3},
        {"id": 6, "completed_by": {"id": 4, "email": "x@x.org"}},
        {"id": 7, "completed_by": 8},
        {"id": 8, "completed_by": None},
    ]
    assert recalled({"annotations": answers}, {5: "anna", 6: "bert", 8: "cora"}) == {3: "anna", 4: "bert"}
