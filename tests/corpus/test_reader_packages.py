"""Readers of other packages, by entry point."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goldwire.corpus.readers import OURS, READERS, by_name
from goldwire.corpus.sources import STDIN, find
from goldwire.errors import UsageError

PACKAGE = """
from goldwire.corpus.readers.base import Reader, Record

def read(source):
    yield Record({"text": source.stream.read().decode().removeprefix("WIRE")}, source.file)

READER = Reader("wire", (".wire",), read, lambda head: head.startswith(b"WIRE"))
TWIN = Reader("csv", (".csv",), read)
MISNAMED = Reader("other", (".other",), read)
NOT_A_READER = 3
"""

POINTS = """
[goldwire.readers]
wire = wire_reader:READER
csv = wire_reader:TWIN
misnamed = wire_reader:MISNAMED
number = wire_reader:NOT_A_READER
gone = wire_reader.gone:READER
"""

PROBE = """
import json, sys
from pathlib import Path
from goldwire.corpus.readers import READERS, Source, by_name
from goldwire.corpus.sources import find
from goldwire.errors import UsageError
found = find([Path(sys.argv[1])], None, but=Path("/nowhere"))
read = []
for item in found.files:
    with item.open() as stream:
        read += [[item.reader, record.fields] for record in READERS[item.reader].read(Source(stream, item.name))]
errors = []
for name in ("csv", "misnamed", "number", "gone"):
    try:
        by_name(name)
    except UsageError as error:
        errors.append(error.message)
print(json.dumps([list(READERS)[-1], read, found.warnings, errors]))
"""


def test_an_installed_package_brings_a_reader_and_a_broken_one_costs_itself_only(tmp_path: Path) -> None:
    for name, content in {
        "site/wire_reader.py": PACKAGE,
        "site/wire_reader-1.0.dist-info/entry_points.txt": POINTS,
        "site/wire_reader-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: wire-reader\nVersion: 1.0\n",
        "in/a.txt": "WIREA wire.",
        "in/b.wire": "By its ending.",
        "in/c.csv": "text\nOurs.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "in")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    of = "of the package wire-reader"
    errors = [
        f'the reader "csv" {of} has a name that is taken',
        f'the reader "misnamed" {of} calls itself "other"',
        f'the reader "number" {of} is not a Reader',
        f"""the reader "gone" {of} cannot be loaded: ModuleNotFoundError: """
        "No module named 'wire_reader.gone'; 'wire_reader' is not a package",
    ]
    assert json.loads(done.stdout) == [
        "wire",
        [["wire", {"text": "A wire."}], ["wire", {"text": "By its ending."}], ["csv", {"text": "Ours."}]],
        [f"{errors[index]}; it is left out" for index in (0, 3, 1, 2)],
        errors,
    ]
    assert done.stderr == ""


def test_without_other_packages_the_formats_are_ours() -> None:
    assert list(READERS) == list(OURS)
    assert find([STDIN], None, but=Path("/nowhere")).warnings == []
    with pytest.raises(UsageError) as raised:
        by_name("docx")
    assert (raised.value.message, raised.value.hint) == ('"docx" is not a format', f"Formats: {', '.join(OURS)}.")
