"""A dataset folder that somebody edited does not have the digest that its card states."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.verify import stated_and_actual
from small_dataset import build


def test_what_was_built_has_the_digest_on_its_card(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    assert stated_and_actual(result.folder) == (result.digest, result.digest)


def test_an_edited_value_shows(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "gold-event-small" / "train.parquet"
    table = pq.read_table(path)
    at = table.column_names.index("main")
    pq.write_table(table.set_column(at, table.schema.field("main"), pa.array([0, 0, 1, 0])), path)
    said, found = stated_and_actual(result.folder)
    assert said == result.digest != found


def test_a_file_that_is_gone_shows(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    (result.folder / "events" / "test.parquet").unlink()
    said, found = stated_and_actual(result.folder)
    assert said == result.digest != found


def test_an_edited_card_has_the_signature_that_stands_there(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    card = result.folder / "README.md"
    card.write_text(card.read_text(encoding="utf-8").replace(result.digest, "0123456789abcdef"), encoding="utf-8")
    assert stated_and_actual(result.folder) == ("0123456789abcdef", result.digest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "the dataset has no card"),
        (b"# A card\n\ndata:0123456789abcdef\n", "the card has no signature that names the data"),
        (
            b"goldwire:0.1.0|dataset:0.1.0|data:0123456789abcdef|seed:0\ngoldwire:0.2.0|data:fedcba9876543210\n",
            "the card has two signatures, of data 0123456789abcdef and fedcba9876543210",
        ),
        (b"\xff\xfe", "cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_a_card_that_states_no_digest_is_an_error(tmp_path: Path, text: bytes | None, message: str) -> None:
    if text is not None:
        (tmp_path / "README.md").write_bytes(text)
    with pytest.raises(GoldwireError) as error:
        stated_and_actual(tmp_path)
    assert str(error.value) == f"{tmp_path / 'README.md'}: {message}"
    assert error.value.hint == "Make the dataset with: goldwire labels dataset"


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"not a table"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, damage: bytes) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "votes" / "train.parquet"
    path.write_bytes(damage)
    with pytest.raises(GoldwireError, match=re.escape(f"{path}: cannot be read: ")) as error:
        stated_and_actual(result.folder)
    assert error.value.hint == "Bring the file back, or make the dataset again with: goldwire labels dataset"


def test_a_file_with_damaged_pages_is_named(tmp_path: Path) -> None:
    result = build(tmp_path / "dataset")
    path = result.folder / "articles" / "train.parquet"
    data = bytearray(path.read_bytes())
    place = pq.read_metadata(path).row_group(0).column(3).dictionary_page_offset or 4
    data[place : place + 200] = b"\xff" * 200
    path.write_bytes(data)
    with pytest.raises(GoldwireError, match=re.escape(f"{path}: cannot be read: ")):
        stated_and_actual(result.folder)
