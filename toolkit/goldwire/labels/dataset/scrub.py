"""Scrubbing: e-mail addresses and phone numbers are masked wherever they would reach the dataset.

A text keeps its length, so every offset stays true and ``text[start:end]`` is still the mention; see `mask`.

`content_hash` becomes that of the masked text. The hash of the text as it was would let anybody who has the masked
one try out numbers until the hash is the same; and a copy of the text that is masked again still has the new one, so
`rehydrate` can check it. Ids stay as they are, since they tie the tables to one another. One that was made of the
content ("a" and its hash) is such a hash, too, and so is that of a unit about a target: `Scrubbed.traceable` lists
them. `Scrubbed.named` lists those that are, or hold, an address or a number themselves.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from goldwire.labels.dataset.joins import one
from goldwire.labels.dataset.mask import MASK, hash_of_article, mask, mask_json, masked_article
from goldwire.labels.units import hash_of
from goldwire.provenance import digest
from goldwire.text.contacts import Kind, contacts

_WORDS = ("outlet", "group", "url", "target", "target_aliases", "holder", "comment", "value", "reason", "entity")
_JSON = {"meta": (", ", ": "), "attributes": (",", ":")}


@dataclass(frozen=True)
class Scrubbed:
    """What was scrubbed.

    Attributes
    ----------
    tables : dict
        The tables that were given, under their names.
    found : dict
        How many e-mail addresses and phone numbers stood in articles, by kind.
    articles : list of str
        The ids of these articles, sorted.
    traceable : list of str
        Ids of articles and units that were made of what was masked, sorted.
    named : list of str
        Ids of articles that hold an address or a number, sorted.
    """

    tables: dict[str, pa.Table]
    found: dict[Kind, int]
    articles: list[str]
    traceable: list[str]
    named: list[str]

    @property
    def notes(self) -> list[str]:
        """What was masked, and what still tells it, in sentences."""
        found = ", ".join(f"{kind} {n}" for kind, n in sorted(self.found.items())) or "none"
        notes = [f"masked in {len(self.articles)} articles: {found}"]
        if self.traceable:
            notes.append(
                f"{_ids(self.traceable)} made of what was masked, so that a number can be guessed and tried: "
                f"{_some(self.traceable)}. Import these articles again with ids of their own, or name the "
                "targets otherwise, before you give this out."
            )
        if self.named:
            notes.append(
                f"{_ids(self.named)} still there with an address or a number in it, since ids are never masked: "
                f"{_some(self.named)}. Import these articles again with ids of their own "
                "before you give this out."
            )
        return notes


def _ids(names: Sequence[str]) -> str:
    return "1 id is" if len(names) == 1 else f"{len(names)} ids are"


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(mask, names[:5])) + (" ..." if len(names) > 5 else "")


def scrubbed(tables: Mapping[str, pa.Table]) -> Scrubbed:
    """Mask every e-mail address and phone number in tables from which a dataset is built.

    Titles and texts of articles are masked; texts of mentions are cut anew from them, as are names of entities that
    repeat a mention's text. All else that people wrote is masked by itself: targets, holders, comments, answers in
    words, reasons, names, attributes, outlets, groups, addresses of pages and the values in `meta`, there also what
    stands under a name such as "phone". Ids stay.

    Parameters
    ----------
    tables : mapping of str to pa.Table
        Must have `articles` and `units`; any other table of a study may be in it.
    """
    articles, masked, found = _articles(tables["articles"])
    units = _units(tables["units"], masked)
    made = {"articles": articles, "units": units}
    place = {
        unit: article
        for unit, article in zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True)
        if article in masked
    }
    for name, table in tables.items():
        made[name] = _words(_mentions(made.get(name, table), place, masked))
    return Scrubbed(
        {name: made[name] for name in tables},
        dict(found),
        sorted(masked),
        traceable=sorted([*_made_of_texts(tables["articles"], masked), *_made_of_targets(tables["units"])]),
        named=sorted(name for name in tables["articles"]["article_id"].to_pylist() if contacts(name)),
    )


def _made_of_texts(articles: pa.Table, masked: Mapping[str, str]) -> list[str]:
    ids = zip(articles["article_id"].to_pylist(), articles["content_hash"].to_pylist(), strict=True)
    return [article for article, hash_ in ids if article in masked and article == f"a{hash_}"]


def _made_of_targets(units: pa.Table) -> list[str]:
    named = zip(*(units[name].to_pylist() for name in ("unit_id", "target", "holder")), strict=True)
    return [
        unit
        for unit, target, holder in named
        if target
        and unit.endswith(f"/{digest(target, holder or '', length=8)}")
        and (contacts(target) or contacts(holder or ""))
    ]


def _articles(table: pa.Table) -> tuple[pa.Table, dict[str, str], Counter[Kind]]:
    """Return the articles, the masked text of each that was changed, and the number of contacts by kind."""
    columns = {
        name: table[name].to_pylist() for name in ("article_id", "title", "text", "body_start", "content_hash")
    }
    masked: dict[str, str] = {}
    found: Counter[Kind] = Counter()
    for row, (article, title, text, body_start, _) in enumerate(zip(*columns.values(), strict=True)):
        new_title, new_text = masked_article(title, text or "")
        if (new_title, new_text) == (title, text or ""):
            continue
        found.update(kind for _, _, kind in contacts(text or ""))
        masked[article] = new_text
        columns["title"][row], columns["text"][row] = new_title, new_text
        columns["content_hash"][row] = hash_of_article(new_title, new_text, body_start)
    return _replaced(table, {name: columns[name] for name in ("title", "text", "content_hash")}), masked, found


def _units(table: pa.Table, masked: Mapping[str, str]) -> pa.Table:
    hashes_ = table["content_hash"].to_pylist()
    columns = (table[name].to_pylist() for name in ("article_id", "start", "end"))
    for row, (article, start, end) in enumerate(zip(*columns, strict=True)):
        if MASK in (shown := masked.get(article, "")[start:end]):
            hashes_[row] = hash_of(shown)
    return _replaced(table, {"content_hash": hashes_})


def _mentions(table: pa.Table, place: Mapping[str, str], masked: Mapping[str, str]) -> pa.Table:
    """Return mentions with their texts as they are now; a table of something else as it is."""
    if "mention_id" not in table.column_names or not place:
        return table
    texts, entities = table["text"].to_pylist(), table["entity"].to_pylist()
    columns = (table[name].to_pylist() for name in ("unit_id", "start", "end"))
    for row, (unit, start, end) in enumerate(zip(*columns, strict=True)):
        if unit in place:
            new = masked[place[unit]][start:end]
            entities[row] = new if entities[row] == texts[row] else entities[row]
            texts[row] = new
    return _replaced(table, {"text": texts, "entity": entities})


def _words(table: pa.Table) -> pa.Table:
    for name in table.column_names:
        if name in _JSON:
            table = _each(table, name, partial(mask_json, separators=_JSON[name]))
        elif name in _WORDS:
            table = _each(table, name, mask)
    return table


def _each(table: pa.Table, name: str, change: Callable[[str], str]) -> pa.Table:
    """Change the strings of a column, or of its lists; each different one is looked at once."""
    array = one(table[name])
    if pa.types.is_list(array.type):
        values = [None if items is None else [change(item) for item in items] for items in array.to_pylist()]
        return _replaced(table, {name: values})
    coded = array.dictionary_encode()
    before = coded.dictionary.to_pylist()
    after = [change(value) for value in before]
    if after == before:
        return table
    made = pa.array(after, array.type).take(coded.indices)
    return table.set_column(table.column_names.index(name), table.schema.field(name), made)


def _replaced(table: pa.Table, columns: Mapping[str, list[Any]]) -> pa.Table:
    for name, values in columns.items():
        at, field = table.column_names.index(name), table.schema.field(name)
        table = table.set_column(at, field, pa.array(values, field.type))
    return table
