"""A Hugging Face Hub for the tests: as much of its HTTP as `datasets` and `huggingface_hub` speak to push and load.

It keeps datasets in memory, each a row of commits. It knows one token, and one organisation that the token may write
to.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_of-the-tests"
ORGANISATION = "newsroom"
Named = dict[str, str | None]
"""What the path of a request names: repo, revision, path."""
_DATE = "2024-05-01T00:00:00.000Z"


@dataclass
class Repository:
    """A dataset: its commits by name, each with all of its files, and what names a commit."""

    private: bool
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, title: str, files: dict[str, bytes]) -> str:
        name = hashlib.sha1(f"{len(self.commits)}{title}".encode()).hexdigest()
        self.commits[name] = files
        self.titles.append(title)
        self.heads["main"] = name
        return name

    def find(self, revision: str) -> str | None:
        found = {**self.heads, **self.tags}.get(revision, revision)
        return found if found in self.commits else None


@dataclass
class Hub:
    """What was pushed to the server, and what it was asked."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    """The status with which requests that hold such a piece are refused."""
    refused_after: int | None = None
    """So many commits a dataset may have."""

    def files(self, name: str, revision: str = "main") -> dict[str, bytes]:
        repository = self.repositories[name]
        return dict(repository.commits[repository.find(revision) or ""])


@contextmanager
def serving() -> Iterator[Hub]:
    """Serve a Hub on a free port of this machine, until the block ends."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body of an answer in one piece, or each waits for the other side
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer("GET", b"")

    def do_HEAD(self) -> None:
        self._answer("HEAD", b"")

    def do_POST(self) -> None:
        self._answer("POST", self._body())

    def do_PUT(self) -> None:
        self._answer("PUT", self._body())

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, method: str, body: bytes) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{method} {path}")
        if path.startswith("/objects/"):  # the storage beside the Hub; who has the address may write
            self.hub.objects[path.removeprefix("/objects/")] = body
            return self._send(200, b"")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._refuse(401, "", "Invalid credentials in Authorization header")
        asked = f"{'GET' if method == 'HEAD' else method} {path}"
        if status := next((status for piece, status in self.hub.faults.items() if piece in asked), None):
            return self._refuse(status, "", "Out of order")
        for pattern, answer in _ROUTES:
            if found := re.fullmatch(pattern, asked):
                return answer(self, body, found.groupdict())
        return self._refuse(501, "", f"the Hub of the tests does not know {method} {path}")

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode())

    def _refuse(self, status: int, code: str, message: str) -> None:
        self._send(status, json.dumps({"error": message}).encode(), X_Error_Code=code, X_Error_Message=message)

    def _at(self, named: Named) -> tuple[Repository, str] | None:
        repository, revision = self.hub.repositories.get(named["repo"] or ""), named.get("revision") or "main"
        if repository is None:
            self._refuse(404, "RepoNotFound", "Repository not found")
            return None
        if (commit := repository.find(revision)) is None:
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return repository, commit

    def create(self, body: bytes, _: Named) -> None:
        asked = json.loads(body)
        name = f"{asked['organization']}/{asked['name']}"
        if asked["organization"] != ORGANISATION:
            return self._refuse(403, "", f"You may not create a dataset under {asked['organization']}")
        if name in self.hub.repositories:
            there = {"error": "You already created this dataset repo", "url": f"{self.hub.url}/datasets/{name}"}
            return self._json(there, 409)
        self.hub.repositories[name] = Repository(asked.get("visibility") == "private")
        self.hub.repositories[name].commit("initial commit", {".gitattributes": b"*.parquet filter=lfs\n"})
        return self._json({"url": f"{self.hub.url}/datasets/{name}", "name": name, "id": name})

    def info(self, _: bytes, named: Named) -> None:
        repo = named["repo"] or ""
        if (found := self._at(named)) is None:
            return None
        files = [{"rfilename": name} for name in found[0].commits[found[1]]]
        return self._json(
            {"_id": repo, "id": repo, "sha": found[1], "private": found[0].private, "siblings": files, "tags": [],
             "disabled": False, "gated": False, "downloads": 0, "likes": 0, "lastModified": _DATE, "createdAt": _DATE}
        )  # fmt: skip

    def validate(self, body: bytes, _: Named) -> None:
        assert json.loads(body)["content"].startswith("---\n")
        self._json({"errors": [], "warnings": []})

    def preupload(self, body: bytes, _: Named) -> None:
        files = json.loads(body)["files"]
        modes = [
            {"path": one["path"], "uploadMode": "lfs" if one["path"].endswith(".parquet") else "regular",
             "shouldIgnore": False} for one in files
        ]  # fmt: skip
        self._json({"files": modes})

    def batch(self, body: bytes, _: Named) -> None:
        objects = [
            {**one, "actions": {"upload": {"href": f"{self.hub.url}/objects/{one['oid']}", "header": {}}}}
            if one["oid"] not in self.hub.objects
            else one
            for one in json.loads(body)["objects"]
        ]
        self._json({"transfer": "basic", "objects": objects})

    def commit(self, body: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return
        if len(found[0].commits) == self.hub.refused_after:
            self._refuse(403, "", "Out of order")
            return
        files, title = dict(found[0].commits[found[1]]), ""
        for line in body.splitlines():
            what = json.loads(line)
            value = what["value"]
            match what["key"]:
                case "header":
                    title = value["summary"]
                    assert value.get("parentCommit") in (None, found[1])
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    content = self.hub.objects[value["oid"]]
                    assert hashlib.sha256(content).hexdigest() == value["oid"]
                    files[value["path"]] = content
                case "deletedFile":
                    del files[value["path"]]
        name = found[0].commit(title, files)
        self._json(
            {
                "success": True,
                "commitOid": name,
                "commitUrl": f"{self.hub.url}/datasets/{named['repo']}/commit/{name}",
            }
        )

    def tree(self, _: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return None
        files = found[0].commits[found[1]]
        under = (named["under"] or "").strip("/")
        inside = {name: files[name] for name in sorted(files) if not under or name.startswith(f"{under}/")}
        if under and not inside:
            return self._refuse(404, "EntryNotFound", f"{under} does not exist")
        recursive = parse_qs(urlsplit(self.path).query).get("recursive", ["false"])[0].lower() in ("true", "1")
        rows: dict[str, dict[str, Any]] = {}
        for name, content in inside.items():
            parts = name.split("/")
            for depth in range(1, len(parts)):
                folder = "/".join(parts[:depth])
                rows[folder] = {"type": "directory", "path": folder, "oid": hashlib.sha1(folder.encode()).hexdigest()}
            rows[name] = _entry(name, content)
        level = under.count("/") + 1 if under else 0
        shown = [row for name, row in rows.items() if name != under and (recursive or name.count("/") == level)]
        return self._json(shown)

    def paths(self, body: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return
        files = found[0].commits[found[1]]
        rows = []
        for path in parse_qs(body.decode())["paths"]:
            if path in files:
                rows.append(_entry(path, files[path]))
            elif any(name.startswith(f"{path}/") for name in files):
                rows.append({"type": "directory", "path": path, "oid": hashlib.sha1(path.encode()).hexdigest()})
        self._json(rows)

    def resolve(self, _: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return None
        content = found[0].commits[found[1]].get(named["path"] or "")
        if content is None:
            return self._refuse(404, "EntryNotFound", "Entry not found")
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X_Repo_Commit": found[1]}
        headers |= {"Content_Type": "application/octet-stream", "Accept_Ranges": "bytes"}
        if ranged := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(ranged[1]), min(int(ranged[2] or len(content)), len(content) - 1)
            headers["Content_Range"] = f"bytes {first}-{last}/{len(content)}"
            return self._send(206, content[first : last + 1], **headers)
        return self._send(200, content, **headers)

    def refs(self, _: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return
        tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": c} for name, c in found[0].tags.items()]
        heads = [{"name": name, "ref": f"refs/heads/{name}", "targetCommit": c} for name, c in found[0].heads.items()]
        self._json({"branches": heads, "tags": tags, "converts": []})

    def tag(self, body: bytes, named: Named) -> None:
        if (found := self._at(named)) is None:
            return None
        name = json.loads(body)["tag"]
        if name in found[0].tags:
            return self._refuse(409, "", "Tag reference exists already")
        found[0].tags[name] = found[1]
        return self._json({})


def _entry(name: str, content: bytes) -> dict[str, Any]:
    entry = {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
    if name.endswith(".parquet"):
        entry["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return entry


_REPO = "(?P<repo>[^/]+/[^/]+)"
_ROUTES: list[tuple[str, Any]] = [
    ("POST /api/repos/create", _Handler.create),
    ("POST /api/validate-yaml", _Handler.validate),
    (f"GET /api/datasets/{_REPO}", _Handler.info),
    (f"GET /api/datasets/{_REPO}/revision/(?P<revision>.+)", _Handler.info),
    (f"POST /api/datasets/{_REPO}/preupload/(?P<revision>.+)", _Handler.preupload),
    (f"POST /api/datasets/{_REPO}/commit/(?P<revision>.+)", _Handler.commit),
    (f"GET /api/datasets/{_REPO}/refs", _Handler.refs),
    (f"POST /api/datasets/{_REPO}/tag/(?P<revision>.+)", _Handler.tag),
    (f"GET /api/datasets/{_REPO}/tree/(?P<revision>[^/]+)(?P<under>/.*)?", _Handler.tree),
    (f"POST /api/datasets/{_REPO}/paths-info/(?P<revision>.+)", _Handler.paths),
    (f"POST /datasets/{_REPO}\\.git/info/lfs/objects/batch", _Handler.batch),
    (f"GET /datasets/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", _Handler.resolve),
]
