"""Compose a round: which units of which articles are asked about. What `goldwire labels tasks` does in a study."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import units
from goldwire.labels.tasks import write_round
from goldwire.scheme import Scheme, load
from goldwire.study import Study


def compose(
    study: Study,
    name: str,
    scheme_name: str,
    *,
    articles: Path | None = None,
    targets: Sequence[str] = (),
    pairs: Path | None = None,
    overlap: int = 1,
    blind: bool = False,
) -> int:
    """Make a round over the articles, or add to one; return how many units it has.

    Parameters
    ----------
    scheme_name : str
        A scheme of the study, a shipped one, or a YAML file. What it asks about decides on the units.
    articles : Path, optional
        A table of articles; by default those of the study.
    targets : sequence of str
        For a scheme about targets: names, with aliases after "|". Each article that names one gives a unit.
    pairs : Path, optional
        For a scheme about targets: a table with article_id, target, and if you like holder and target_aliases.
        For one about headlines: a table with article_id and headline.

    Raises
    ------
    UsageError
        When targets or pairs do not go with the scheme.
    GoldwireError
        When a file cannot be read or does not fit, or there is no unit; see `goldwire.labels.tasks.write_round`.
    """
    if blind:
        raise UsageError("a project for each annotator cannot be made yet", hint="Leave out --blind.")
    scheme = load(scheme_name, study.schemes)
    read = tables.read(articles or study.articles, "articles")
    if articles is not None:
        _refuse_strangers(read, study, articles)
    chosen = _units(scheme, read, targets, pairs)
    if not chosen.num_rows:
        raise GoldwireError(
            "there is no unit to ask about",
            hint="No article names a target; check its spelling, or give aliases: --target 'Russia|Moscow'."
            if targets
            else "Import articles first: goldwire corpus import PATH",
        )
    return write_round(study, name, scheme, read, chosen, overlap=overlap, blind=blind, seed=study.params().seed)


def _refuse_strangers(articles: pa.Table, study: Study, path: Path) -> None:
    """Every later step looks articles up in the study: one that is not there would be labelled for nothing."""
    known = study.read("articles")
    hashes = dict(zip(known["article_id"].to_pylist(), known["content_hash"].to_pylist(), strict=True))
    for article, content in zip(
        articles["article_id"].to_pylist(), articles["content_hash"].to_pylist(), strict=True
    ):
        if hashes.get(article) != content:
            raise GoldwireError(
                f'article "{article}" is not in the study, or with another text',
                where=str(path),
                hint=f"Import it first: goldwire corpus import {path}",
            )


def _units(scheme: Scheme, articles: pa.Table, targets: Sequence[str], pairs: Path | None) -> pa.Table:
    if scheme.unit == "document":
        if targets or pairs:
            raise UsageError(
                f"scheme {scheme.name} asks about whole articles: --target and --pairs do not go with it"
            )
        return units.documents(articles)
    if scheme.unit == "headline":
        if targets or not pairs:
            raise UsageError(
                f"scheme {scheme.name} asks about headlines: give --pairs, a table with article_id and headline"
            )
        return units.headlines(articles, *units.read_pairs(pairs, "headline"))
    if scheme.unit != "target":
        raise GoldwireError(
            f"units of kind {scheme.unit} cannot be made yet",
            where=scheme.name,
            hint="Use document, target or headline.",
        )
    if bool(targets) == bool(pairs):
        raise UsageError(f"scheme {scheme.name} asks about targets: give --target or --pairs, one of them")
    if pairs:
        return units.pairs(articles, *units.read_pairs(pairs))
    return units.targets(articles, [units.Target.parse(target) for target in targets])
