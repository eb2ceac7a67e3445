"""What the tests of adjudication read and write of a study."""

import json

from disputing import Json, choice
from goldwire.labels import rounds, stages
from goldwire.study import Study


def fights(*more: Json) -> list[Json]:
    return [choice("event", "FIGHT"), *more]


def decide(study: Study) -> None:
    assert stages.build(study)[1] == []
    stages.gold(study)


def snapshot(study: Study) -> dict[str, bytes]:
    return {str(p.relative_to(study.root)): p.read_bytes() for p in study.root.rglob("*") if p.is_file()}


def asked(study: Study, name: str = "adj") -> list[str]:
    return [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / name)]


def lines(study: Study, file: str, name: str = "adj") -> list[Json]:
    return [json.loads(line) for line in (study.rounds / name / file).read_text(encoding="utf-8").splitlines()]
