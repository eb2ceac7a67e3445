"""Projects that were made by hand on a real Label Studio. Texts were written for these tests."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from adopting import CONFIG, TEXTS, articles, fold_old, made_study, pulled, results
from goldwire import studio, tables
from goldwire.cli.adopted import stories as stories_of
from goldwire.labels import parts, stages
from goldwire.labels.exchange.pull import pull
from goldwire.labels.foreign.adopt import Adopted, adopt
from goldwire.labels.foreign.export_file import file_tasks
from goldwire.labels.foreign.export_people import ExportPeople
from goldwire.labels.server import Client, connect
from goldwire.labels.team import annotators
from goldwire.provenance import digest
from goldwire.studio.accounts import sign_up
from goldwire.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return made_study(tmp_path / "study")


class Project:
    """A project that somebody made by hand, with answers of two people."""

    def __init__(self, server: studio.Server) -> None:
        self.server = server
        self.admin = connect(server.url, server.api_key)
        self.people = [connect(server.url, sign_up(server, f"{n}@example.org", "a-long-password-7")) for n in "ab"]
        self.id = self.admin.create_project("News of 2019", CONFIG, "made by hand", 2).id
        self.add([*TEXTS, TEXTS[0]])
        self.tasks = [one["id"] for one in self.admin.tasks(self.id)]
        for number, text in zip(self.tasks[:3], TEXTS, strict=False):
            for who, tone in zip(self.people, ("warm", "cold"), strict=True):
                self.answer(who, number, results(text, tone))
        self.answer(self.people[0], self.tasks[4], results(TEXTS[0], "cold", stars=3))  # the copy of the first
        self.people[1].submit(self.tasks[3], [], skipped=True)

    def answer(self, who: Client, number: int, result: list[dict[str, Any]]) -> None:
        who.submit(number, result, lead_time=2.5)

    def add(self, texts: Iterable[str]) -> None:
        data = [{"data": {"body": text, "source": "The Tarn Post"}} for text in texts]
        self.send("POST", f"projects/{self.id}/import", json=data)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Token {self.server.api_key}"}
        url = f"{self.server.url}/api/{path}"
        answer = requests.request(method, url, headers=headers, timeout=60, **options)
        answer.raise_for_status()
        return answer

    def exports(self, folder: Path) -> Iterator[Path]:
        """What a person downloads: an easy export, and a snapshot."""
        easy = self.send("GET", f"projects/{self.id}/export", params={"exportType": "JSON"})
        (folder / "easy.json").write_bytes(easy.content)
        yield folder / "easy.json"
        made = self.send("POST", f"projects/{self.id}/exports", json={"title": "by hand"}).json()
        path = f"projects/{self.id}/exports/{made['id']}/download"
        (folder / "snapshot.json").write_bytes(self.send("GET", path, params={"exportType": "JSON"}).content)
        yield folder / "snapshot.json"

    def pull(self, study: Study) -> Adopted:
        """What `goldwire labels pull old --project ID` does."""
        found = self.admin.project(self.id)
        tasks = self.admin.tasks(self.id)
        made = adopt(
            study,
            "old",
            found.config,
            found.title,
            tasks,
            stories=stories_of(study),
            project=self.id,
            overlap=found.maximum_annotations,
        )
        pull(self.admin, study.rounds / "old", made.round, annotators.read(study.annotators), project=self.id)
        return made

    def pull_file(self, study: Study, path: Path) -> Adopted:
        """What `goldwire labels pull old --file EXPORT` does."""
        found = self.admin.project(self.id)
        stories = stories_of(study)
        made = adopt(study, "old", found.config, found.title, file_tasks(path), stories=stories, project=self.id)
        people, members = ExportPeople(annotators.read(study.annotators), self.id), self.admin.members()

        def of(user: Any) -> str | None:  # as if the file said addresses; one of the two names people by number
            return people.pseudonym({"email": members[user]} if isinstance(user, int) else user)

        header = {"round": "old", "project": self.id, "url": None, "scheme_hash": made.round.scheme_hash}
        kept = [parts.without_people(one, of) for one in sorted(file_tasks(path), key=lambda one: int(one["id"]))]
        parts.append(study.rounds / "old" / "pulls", header, kept, [])
        return made


@pytest.fixture(scope="module")
def project(label_studio: studio.Server) -> Project:
    return Project(label_studio)


@pytest.mark.server
def test_a_project_made_by_hand_is_adopted_and_folded(project: Project, study: Study) -> None:
    before = project.send("GET", f"projects/{project.id}").json()
    made = project.pull(study)
    assert (made.articles, made.units, made.tasks, made.problems) == (4, 4, 5, [])
    assert made.round.project == project.id
    assert made.round.overlap == 2
    folded, remarks = fold_old(study, pulled(study))
    assert remarks == []
    assert {problem.message for problem in folded.problems} == {
        'the scheme asks nothing by the name "when" (datetime)'
    }
    texts = {row["article_id"]: row["text"] for row in articles(study)}
    first = f"a{digest('', TEXTS[0])}/document"
    mentions = folded.mentions.to_pylist()
    assert len(mentions) == 2 * (2 + 2 + 1) + 2
    for row in mentions:
        assert row["text"] == texts[row["unit_id"].removesuffix("/document")][row["start"] : row["end"]]
    places = [row for row in mentions if row["unit_id"] == first and row["label"] == "LOC" and row["counts"]]
    assert {row["annotator"]: row["attributes"] for row in places} == {
        "annotator-01": '{"sure": ["3"]}',  # of the two copies of the text, the later answer counts
        "annotator-02": '{"sure": ["2"]}',
    }
    votes = [row for row in folded.votes.to_pylist() if row["unit_id"] == first and row["question"] == "tone_1"]
    assert sorted((row["annotator"], row["labels"], row["counts"]) for row in votes) == [
        ("annotator-01", ["cold"], True),
        ("annotator-01", ["warm"], False),
        ("annotator-02", ["cold"], True),
    ]
    assert {tuple(row["labels"]) for row in folded.votes.to_pylist() if row["question"] == "topic"} == {
        ("Trade|tariffs/Ports",),
        (),
    }
    assert {row["label"] for row in folded.relations.to_pylist()} == {"lives in"}
    assert {row["comment"] for row in folded.votes.to_pylist()} == {"as told", None}
    assert project.send("GET", f"projects/{project.id}").json() == before

    for name, table in (
        ("units", folded.units),
        ("votes", folded.votes),
        ("vote_mentions", folded.mentions),
        ("vote_relations", folded.relations),
    ):
        tables.write(table, study.table(name))
    assert stages.agreement(study)["questions"]["tone_1"]["units"] == 3
    assert stages.gold(study).gold.num_rows > 0
    stages.dataset(study)
    assert (study.dataset / "README.md").is_file()


@pytest.mark.server
def test_a_downloaded_export_gives_the_same_tables_as_the_server(project: Project, tmp_path: Path) -> None:
    pulled_study = made_study(tmp_path / "pulled")
    project.pull(pulled_study)
    wanted, _ = fold_old(pulled_study, pulled(pulled_study))
    for path in project.exports(tmp_path):
        study = made_study(tmp_path / path.stem)
        project.pull_file(study, path)
        folded, remarks = fold_old(study, pulled(study))
        assert remarks == []
        assert folded.units == wanted.units
        assert folded.votes == wanted.votes
        assert folded.mentions == wanted.mentions
        assert folded.relations == wanted.relations
        assert folded.problems == wanted.problems
        assert study.read("articles") == pulled_study.read("articles")
        written = b"".join(found.read_bytes() for found in (study.rounds / "old").rglob("*") if found.is_file())
        assert b"example.org" not in written


@pytest.mark.server
def test_tasks_that_come_later_are_adopted_by_the_next_pull(label_studio: studio.Server, study: Study) -> None:
    project = Project(label_studio)
    project.pull(study)
    project.add(["A later text about Calder Bay."])
    late = max(one["id"] for one in project.admin.tasks(project.id))
    project.answer(project.people[1], late, results("A later text about Calder Bay."))
    made = project.pull(study)
    assert (made.articles, made.units, made.tasks) == (1, 1, 6)
    folded, _ = fold_old(study, pulled(study))
    assert "A later text about Calder Bay." in {row["text"] for row in articles(study)}
    assert sum(row["text"] == "Calder Bay" for row in folded.mentions.to_pylist()) == 2 * 3 + 1 + 1
