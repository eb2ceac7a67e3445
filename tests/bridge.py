"""A round on a real Label Studio, and what tests of the bridge do on it."""

from pathlib import Path
from typing import Any

import requests

from goldwire import studio
from goldwire.files import one_at_a_time
from goldwire.labels import parts
from goldwire.labels.exchange.pull import Pulled, pull
from goldwire.labels.exchange.push import push
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.team import annotators

CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="stance" toName="text"><Choice value="for"/><Choice value="against"/></Choices>
  <Labels name="mentions" toName="text"><Label value="actor"/></Labels>
  <TextArea name="comment" toName="text"/>
</View>"""
TEXTS = [
    "Plain words.",
    "Two lines\r\nwith carriage returns\r\n\r\nand a blank one",
    "Emoji 😀👩‍👩‍👧 and a flag 🇬🇧 before the end",
    "قالت الوزيرة إنها «لن تستقيل» اليوم",
    "Cafe\u0301 re\u0301sume\u0301, composed: Café; ﬁ, \u2028 line separator, \u00a0 space",
    'Tab\tand \\backslash\\ and "quotes" and </Text> and $text',
]
PASSWORD = "a-long-password-7"


def task(name: str, text: str) -> dict[str, Any]:
    data = {"unit_id": f"{name}/document", "title": name, "text": text, "outlet": None, "date": "2026-01-02"}
    return {"data": data, "meta": {"unit_id": f"{name}/document", "start": 0, "probability": 0.5, "target": None}}


TASKS = [task(f"a{number}", text) for number, text in enumerate(TEXTS)]


def choice(label: str) -> dict[str, Any]:
    return {"id": "c1", "from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def span(text: str, start: int, end: int) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text[start:end], "labels": ["actor"]}
    return {"id": "m1", "from_name": "mentions", "to_name": "text", "type": "labels", "value": value}


def comment(text: str) -> dict[str, Any]:
    value = {"text": [text]}
    return {"id": "t1", "from_name": "comment", "to_name": "text", "type": "textarea", "value": value}


def a_round(**fields: Any) -> Round:
    """Return a round with a mark of its own."""
    given = {"round": "pilot", "scheme": "s", "scheme_version": "1.0.0", "scheme_hash": "0123456789abcdef"}
    return Round(**{**given, "overlap": 2, **fields})


class Study:
    """A round's folder and project, and the calls that a test makes on them."""

    def __init__(self, server: studio.Server, client: Client, folder: Path, round_: Round) -> None:
        self.server = server
        self.client = client
        self.folder = folder
        self.round = round_
        self.project = push(client, round_, TASKS, CONFIG, "A test").projects[0]
        self.ids = {t["data"]["unit_id"]: int(t["id"]) for t in client.outline(self.project)}

    def task(self, name: str) -> int:
        return self.ids[f"{name}/document"]

    def pull(self, **options: Any) -> Pulled:
        people = annotators.read(self.folder / "people" / "annotators.csv")
        with one_at_a_time(self.folder):  # as goldwire.labels.exchange.pull_round does
            return pull(self.client, self.folder, self.round, people, **options)

    def parts(self) -> list[parts.Part]:
        return [parts.read(path) for path in parts.listing(self.folder / "pulls")]

    def state(self) -> dict[int, dict[str, Any]]:
        return parts.state(self.parts())

    def send(self, method: str, path: str, **fields: Any) -> None:
        """What a person does with the mouse."""
        headers = {"Authorization": f"Token {self.server.api_key}"}
        url = f"{self.server.url}/api/{path}"
        requests.request(method, url, headers=headers, json=fields, timeout=60).raise_for_status()


def counts(pulled: Pulled) -> tuple[int, int, int, int, int]:
    return pulled.tasks, pulled.annotations, pulled.new, pulled.changed, pulled.deleted
