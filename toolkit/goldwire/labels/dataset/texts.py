"""A dataset without its texts: what a licence forbids to pass on is left out, and all that finds it again stays.

Left out are titles, texts, the texts of mentions and events, who plays a role in an event (the words of the text,
where a mention names no entity), and `meta`. Ids, addresses of pages, offsets, content hashes, outlets and dates
stay, as do targets, names of entities and comments, which people gave. What was left out, and where it stood, is
noted in `RECORD`, from which `rehydrate` puts it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from goldwire.labels.dataset.config import Config
from goldwire.labels.dataset.events import ROLES

RECORD = "withheld.json"


@dataclass(frozen=True)
class Withheld:
    """Configs without texts.

    Attributes
    ----------
    configs : list of Config
        In the order given.
    record : dict
        For `RECORD`: "columns" are those of each config as they were, "left_out" those that are not there now, and
        "scrubbed" says whether the texts were masked.
    """

    configs: list[Config]
    record: dict[str, Any]


def withheld(configs: Sequence[Config], scrubbed: bool = False) -> Withheld:
    """Leave titles, texts and every copied piece of them out of the configs of a dataset."""
    made, columns, left_out = [], {}, {}
    for config in configs:
        columns[config.name] = config.table.column_names
        left_out[config.name] = [name for name in config.table.column_names if _is_text(config, name)]
        made.append(replace(config, table=config.table.drop_columns(left_out[config.name])))
    return Withheld(made, {"columns": columns, "left_out": left_out, "scrubbed": scrubbed})


def _is_text(config: Config, column: str) -> bool:
    """A question may be called like a column that its wide config has not, so names alone do not tell."""
    return column in {
        "articles": {"title", "text", "meta"},
        "events": {"text", *ROLES},
        "mentions": {"text"},
    }.get(config.name, {"title", "text"})
