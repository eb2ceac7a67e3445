"""Whether a text names a target, and the files that list targets."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.naming import Searched, Target
from goldwire.labels.unit_files import read_targets


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        # words
        ("Iran", "Tirana", False),
        ("Iran", "Tirana and Iran", True),
        ("Iran", "Iranian", False),
        ("Iran", "Iran-backed, anti-Iran", True),
        ("G7", "the G77 met", False),
        ("the Kremlin", "in the\nKremlin", True),
        ("the Kremlin", "a Kremlin spokesman", False),
        # possessives
        ("Moscow", "Moscow's troops", True),
        ("Moscow", "Moscow’s troops", True),
        ("Moscow", "Moscows troops", False),
        ("Paris", "Paris' mayor", True),
        ("Côte d'Ivoire", "in Côte d’Ivoire", True),
        # case
        ("Kremlin", "THE KREMLIN", True),
        ("straße", "DIE STRASSE", True),
        ("Москва", "МОСКВА молчит", True),
        ("US", "he told us", False),
        ("US", "a US-led force", True),
        ("WHO", "Who knows", False),
        ("WHO", "WHO's report", True),
        ("EU", "an EU-wide rule", True),
        ("США", "власти США", True),
        ("NATO", "Nato said", True),
        ("NATO", "nato", False),
        ("AIDS", "he aids them", False),
        ("COVID-19", "Covid-19 cases", True),
        ("RUSSIA", "Russia said", True),
        ("U.S.", "the U.S. troops", True),
        # accents
        ("Erdoğan", "Erdogan said", True),
        ("Erdogan", "Erdoğan said", True),
        ("Kilicdaroglu", "KILIÇDAROĞLU, Kılıçdaroğlu", True),
        ("İstanbul", "in Istanbul", True),
        ("Walesa", "Lech Wałęsa", True),
        ("Iran", "Irän", True),
        ("Iran", "Iranä", False),
        ("Ёлкин", "Елкин", True),
        # scripts without capitals
        ("حكومة", "الحكومة", True),
        ("السعودية", "السُّعودية", True),
        ("俄罗斯", "在俄罗斯境内", True),
        ("ＥＵ", "EUは", True),
        ("하", "한국", False),
        ("한국", "한국은", True),
        ("US", "在US境内", True),
    ],
)
def test_a_name_stands_in_a_text_as_a_word_of_its_own(name: str, text: str, named: bool) -> None:
    assert Target(name).is_named_in(text) is named
    assert Target("Nobody at all", (name,)).is_named_in(Searched.of(text)) is named


@given(st.text(), st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1), st.text())
def test_any_name_between_spaces_is_found(before: str, name: str, after: str) -> None:
    target = Target(name)
    assert target.is_named_in(f"{before} {name} {after}") or not Searched.of(name).plain


def test_targets_are_written_with_their_aliases() -> None:
    assert Target.parse(" Russia | Moscow|the Kremlin ") == Target("Russia", ("Moscow", "the Kremlin"))
    assert Target.parse("Nu\u0301n\u0303ez||e\u0301|") == Target("N\u00fa\u00f1ez", ("\u00e9",))
    for text in (" ", "|Moscow"):
        with pytest.raises(GoldwireError, match="the target has no name"):
            Target.parse(text)


LISTED = [Target("Russia", ("Moscow", "the Kremlin")), Target("C# users"), Target("Ibáñez")]


def test_a_list_of_targets_has_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    text = "\ufeff# whom we ask about\r\nRussia|Moscow| the Kremlin\r\n\r\n  # more\nC# users\nIba\u0301n\u0303ez"
    path.write_bytes(text.encode())
    assert read_targets(path) == LISTED


def test_a_list_of_targets_may_be_a_table(tmp_path: Path) -> None:
    rows = {"target": [t.name for t in LISTED], "target_aliases": [list(t.aliases) for t in LISTED]}
    for ending in ("parquet", "jsonl"):
        tables.write(pa.table(rows), tmp_path / f"t.{ending}")
        assert read_targets(tmp_path / f"t.{ending}") == LISTED
    (tmp_path / "t.csv").write_text("target_aliases,target\nMoscow|the Kremlin,Russia\n,C# users\n,Ibáñez\n", "utf-8")
    assert read_targets(tmp_path / "t.csv") == LISTED
    (tmp_path / "t.tsv").write_text("note\ttarget\nx\tRussia\n", encoding="utf-8")
    assert read_targets(tmp_path / "t.tsv") == [Target("Russia")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.txt", b"Russia\n\n# x\nRUSSIA|Moscow\n", '{path}:4: target "RUSSIA" stands twice: in {path}:1 already'),
        ("t.csv", b"target\nIran\nIran\n", '{path}:3: target "Iran" stands twice: in {path}:2 already'),
        ("t.txt", b"Iran\n|Moscow\n", "{path}:2: the target has no name"),
        ("t.csv", b"target,target_aliases\nIran,\n,Moscow\n", "{path}:3: target: the target has no name"),
        ("t.csv", b"name\nIran\n", "{path}: it lacks target"),
        ("t.jsonl", b'{"target": "Iran"}\n"Peru"\n', "{path}:2: the line is not a JSON object"),
        ("t.txt", b"# nobody\n\n", "{path}: there is no target in the file"),
        ("t.txt", b"Per\xfa\n", "{path}: the file is not UTF-8"),
        ("t.txt", None, "{path}: the file is not there"),
    ],
)
def test_a_bad_list_is_named_by_file_and_line(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GoldwireError) as caught:
        read_targets(path)
    assert str(caught.value) == message.format(path=path)
