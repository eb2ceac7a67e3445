"""A released dataset goes to the Hub as it was built, and comes back the same. The Hub is that of tests/hub.py."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels.dataset.digest import digest_of
from goldwire.labels.dataset.releases import releases
from goldwire.labels.publish import push
from goldwire.study import Params, Study
from hub import TOKEN, Hub, serving
from small_dataset import SCHEMES, build, contents, study

CODE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from goldwire.errors import GoldwireError
from goldwire.labels.publish import publish, push
from goldwire.study import Study
try:
    if sys.argv[1] == "publish":
        made = publish(Study(Path(sys.argv[2])), sys.argv[3])
    else:
        made = push(Path(sys.argv[2]), sys.argv[3], private=sys.argv[1] == "private")
    print(json.dumps(asdict(made)))
except GoldwireError as error:
    print(json.dumps([error.message, error.where, error.hint]))
"""
LOAD = """
import json, sys, datasets
loaded = {}
for name in sys.argv[3:]:
    parts = datasets.load_dataset(sys.argv[1], name, revision=sys.argv[2])
    loaded[name] = {split: part.to_list() for split, part in parts.items()}
print(json.dumps(loaded, default=str, sort_keys=True))
print(datasets.get_dataset_default_config_name(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = build(tmp_path_factory.mktemp("study") / "labels" / "dataset").folder
    write_text(made / "CITATION.cff", "cff-version: 1.2.0\n")
    return made


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def pushed(folder: Path, hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the push of the folder printed."""
    said = run(hub, tmp_path_factory.mktemp("hf"), "private", str(folder), "newsroom/small")
    found: dict[str, str] = json.loads(said)
    return found


def configs(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def run(hub: Hub | str, home: Path, *arguments: str, code: str = CODE, token: str | None = TOKEN) -> str:
    """Run code as a process of its own, since the client reads its settings once; return what it printed."""
    given = {
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HOME": str(home),
        "NO_PROXY": "127.0.0.1",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")} | given
    environment["HF_ENDPOINT"] = hub if isinstance(hub, str) else hub.url
    if token is not None:
        environment["HF_TOKEN"] = token
    ended = subprocess.run([sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    if code is CODE:
        assert ended.stderr == ""
    return ended.stdout


def test_the_hub_gets_the_folder_as_it_was_built(folder: Path, hub: Hub, pushed: dict[str, str]) -> None:
    repository = hub.repositories["newsroom/small"]
    commit = repository.tags["v0.1.0"]
    assert pushed == {
        "url": f"{hub.url}/datasets/newsroom/small", "commit": commit, "tag": "v0.1.0", "digest": digest_of(folder),
    }  # fmt: skip
    files = hub.files("newsroom/small", "v0.1.0")
    assert files.pop(".gitattributes")
    assert files == contents(folder)
    assert repository.private is True
    others = [f"Config {name}" for name in configs(folder) if name != "gold"]
    last = f"Version 0.1.0, data {digest_of(folder)}"
    assert repository.titles[:10] == ["initial commit", "Config gold", *others, last]


def test_strangers_load_the_rows_that_were_built(
    folder: Path, hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    said = run(hub, tmp_path, "newsroom/small", "v0.1.0", *configs(folder), code=LOAD)
    loaded, default = said.splitlines()
    assert default == "gold"
    built = {
        name: {
            path.stem: pq.read_table(path, partitioning=None).to_pylist()
            for path in sorted((folder / name).glob("*.parquet"))
            if pq.read_metadata(path).num_rows
        }
        for name in configs(folder)
    }
    assert json.loads(loaded) == json.loads(json.dumps(built, default=str))


def test_what_was_pushed_loads_also_before_the_last_commit(
    folder: Path, hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    """`datasets` wrote shards of its own before the folder took their place; a reader may come in between."""
    first = list(hub.repositories["newsroom/small"].commits)[1]
    said = run(hub, tmp_path, "newsroom/small", first, "gold", code=LOAD)
    rows = {name: len(part) for name, part in json.loads(said.splitlines()[0])["gold"].items()}
    assert rows == {"train": 21, "validation": 2, "test": 6}


def test_other_data_under_a_version_that_the_hub_has_is_refused(
    folder: Path, hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    before = dict(hub.repositories["newsroom/small"].commits)
    other = build(tmp_path / "dataset", votes=study()["votes"].slice(1))
    message, _, hint = json.loads(run(hub, tmp_path / "hf", "private", str(other.folder), "newsroom/small"))
    assert message == f"newsroom/small has version 0.1.0 with data {pushed['digest']}, and this is {other.digest}"
    assert hint == "Raise version in params.yaml: what was released is never changed under its name."
    assert hub.repositories["newsroom/small"].commits == before


def test_the_next_version_replaces_the_files_and_the_old_one_stays_under_its_tag(
    folder: Path, hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    """The next version has a scheme less, so files of the old one must go."""
    without = {
        name: table.filter(pc.equal(table["scheme"], "event-small")) if "scheme" in table.column_names else table
        for name, table in study().items()
    }
    params = Params.model_validate({"version": "0.2.0"})
    again = build(tmp_path / "dataset", schemes=SCHEMES[:1], params=params, **without).folder
    assert json.loads(run(hub, tmp_path / "hf", "private", str(again), "newsroom/small"))["tag"] == "v0.2.0"
    assert hub.files("newsroom/small").keys() == {".gitattributes", *contents(again)}
    assert hub.files("newsroom/small", "v0.1.0").keys() == {".gitattributes", *contents(folder)}


def test_publishing_records_the_release_and_only_when_the_hub_can_be_written_to(hub: Hub, tmp_path: Path) -> None:
    own = Study(tmp_path / "study")
    write_text(own.params_file, "version: 0.1.0\n")
    made = build(own.dataset)
    said = run(hub, tmp_path / "hf", "publish", str(own.root), "elsewhere/small")
    assert json.loads(said)[0].startswith("the Hub refused with 403")
    assert releases(own) == []
    said = run(hub, tmp_path / "hf", "publish", str(own.root), "newsroom/own")
    assert json.loads(said)["digest"] == made.digest
    assert [release.digest for release in releases(own)] == [made.digest]


@pytest.mark.parametrize(
    ("repo", "token", "expected"),
    [
        (
            "newsroom/small",
            "hf_wrong",
            ["the Hub refused with 401: Invalid credentials in Authorization header", "newsroom/small",
             "The token in HF_TOKEN is not valid: make one that may write at https://huggingface.co/settings/tokens."],
        ),
        (
            "elsewhere/small",
            TOKEN,
            ["the Hub refused with 403: You may not create a dataset under elsewhere", "elsewhere/small",
             "The token in HF_TOKEN may not write there: is elsewhere yours, and may the token write?"],
        ),
    ],
)  # fmt: skip
def test_a_refusal_of_the_hub_is_said_in_words(
    repo: str, token: str, expected: list[str | None], folder: Path, hub: Hub, tmp_path: Path
) -> None:
    objects = len(hub.objects)
    assert json.loads(run(hub, tmp_path / "hf", "private", str(folder), repo, token=token)) == expected
    assert len(hub.objects) == objects


@pytest.mark.parametrize(
    ("repo", "token", "message", "hint"),
    [
        ("newsroom/small", "", "HF_TOKEN is not set", "Make a token that may write at "
         "https://huggingface.co/settings/tokens, and export it."),
        ("small", "t", '"small" is no name of a dataset',
         "Name it organisation/name: letters, digits, - _ and . in each."),
        ("news room/small", "t", '"news room/small" is no name of a dataset',
         "Name it organisation/name: letters, digits, - _ and . in each."),
        ("a/b/c", "t", '"a/b/c" is no name of a dataset',
         "Name it organisation/name: letters, digits, - _ and . in each."),
    ],
)  # fmt: skip
def test_token_and_name_are_looked_at_first(
    repo: str, token: str, message: str, hint: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(GoldwireError) as caught:
        push(folder, repo)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_without_a_network_nothing_is_lost_and_nothing_recorded(tmp_path: Path) -> None:
    own = Study(tmp_path / "study")
    write_text(own.params_file, "version: 0.1.0\n")
    build(own.dataset)
    nowhere = "http://127.0.0.1:9"
    message, where, hint = json.loads(run(nowhere, tmp_path / "hf", "publish", str(own.root), "newsroom/own"))
    assert message.startswith("the Hub cannot be reached: ")
    assert where == nowhere
    assert hint == "Is there a network, and is HF_ENDPOINT right? Nothing is lost: push again."
    assert releases(own) == []


def test_an_edited_folder_is_not_pushed(tmp_path: Path) -> None:
    made = build(tmp_path / "dataset")
    path = made.folder / "votes" / "test.parquet"
    pq.write_table(pq.read_table(path, partitioning=None).slice(1), path)
    with pytest.raises(GoldwireError, match=f"its card says data {made.digest}, and it is {digest_of(made.folder)}"):
        push(made.folder, "newsroom/small")


def test_what_somebody_laid_beside_the_dataset_is_not_pushed(hub: Hub, tmp_path: Path) -> None:
    made = build(tmp_path / "dataset").folder
    built = contents(made)
    write_text(made / "annotators.csv", "email,pseudonym\n")
    write_text(made / "votes" / "notes.txt", "Ask Odile.\n")
    run(hub, tmp_path / "hf", "private", str(made), "newsroom/beside")
    files = hub.files("newsroom/beside")
    assert files.pop(".gitattributes")
    assert files == built


def test_a_push_that_broke_off_between_configs_is_done_again(folder: Path, tmp_path: Path) -> None:
    with serving() as hub:
        hub.faults["newsroom/small/commit"] = 403
        assert json.loads(run(hub, tmp_path / "hf", "private", str(folder), "newsroom/small"))[0].startswith(
            "the Hub refused with 403"
        )
        del hub.faults["newsroom/small/commit"]
        hub.refused_after = 4
        said = json.loads(run(hub, tmp_path / "hf", "private", str(folder), "newsroom/small"))
        assert said[0] == "the Hub refused with 403: Out of order"
        repository = hub.repositories["newsroom/small"]
        assert (len(repository.titles), repository.tags) == (4, {})
        hub.refused_after = None
        again = json.loads(run(hub, tmp_path / "hf", "private", str(folder), "newsroom/small"))
        assert again["tag"] == "v0.1.0"
        files = hub.files("newsroom/small", "v0.1.0")
        assert files.pop(".gitattributes")
        assert files == contents(folder)


@pytest.mark.parametrize(("piece", "status"), [("/refs", 429), ("/resolve/v0.1.0", 403)])
def test_when_it_cannot_be_seen_what_the_hub_has_nothing_is_pushed(
    piece: str, status: int, hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    """A card that cannot be fetched is none that is not there."""
    own = Study(tmp_path / "study")
    write_text(own.params_file, "version: 0.1.0\n")
    build(own.dataset, votes=study()["votes"].slice(1))
    before = dict(hub.repositories["newsroom/small"].commits)
    hub.faults[piece] = status
    try:
        said = json.loads(run(hub, tmp_path / "hf", "publish", str(own.root), "newsroom/small"))
    finally:
        hub.faults.clear()
    assert said[0] == f"the Hub refused with {status}: Out of order"
    assert releases(own) == []
    assert hub.repositories["newsroom/small"].commits == before


def test_other_data_than_the_hub_has_is_not_recorded_as_a_release(
    hub: Hub, pushed: dict[str, str], tmp_path: Path
) -> None:
    own = Study(tmp_path / "study")
    write_text(own.params_file, "version: 0.1.0\n")
    build(own.dataset, votes=study()["votes"].slice(1))
    said = json.loads(run(hub, tmp_path / "hf", "publish", str(own.root), "newsroom/small"))
    assert said[0].startswith("newsroom/small has version 0.1.0 with data")
    assert releases(own) == []


def test_the_token_stands_in_no_file_and_no_output(folder: Path, tmp_path: Path) -> None:
    with serving() as hub:
        said = [run(hub, tmp_path / "hf", "private", str(folder), name) for name in ("newsroom/a", "elsewhere/a")]
        hub.faults["newsroom/a/preupload"] = 400
        said.append(run(hub, tmp_path / "hf", "private", str(folder), "newsroom/a"))
        kept = [*tmp_path.rglob("*"), *folder.rglob("*")]
        assert [path for path in kept if path.is_file() and TOKEN.encode() in path.read_bytes()] == []
        assert all(TOKEN.encode() not in content for content in hub.files("newsroom/a").values())
        assert TOKEN not in "".join(said)
