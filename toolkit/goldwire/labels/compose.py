"""Compose a round: which units of which articles are asked about. What `goldwire labels tasks` does in a study."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds, units
from goldwire.labels.naming import Target
from goldwire.labels.passages import PASSAGES, Passage
from goldwire.labels.sampled import designs_of, read_articles
from goldwire.labels.tasks import write_round
from goldwire.labels.team import references
from goldwire.labels.team.assignments import assign_round
from goldwire.labels.team.references import Purpose
from goldwire.labels.unit_files import distinct, read_pairs, read_targets
from goldwire.scheme import Scheme, load
from goldwire.study import Study


def compose(
    study: Study,
    name: str,
    scheme_name: str,
    *,
    articles: Path | None = None,
    unit: Passage | None = None,
    targets: Sequence[str] = (),
    target_list: Path | None = None,
    unnamed: bool = False,
    pairs: Path | None = None,
    overlap: int = 1,
    overlap_share: float = 1.0,
    blind: bool = False,
    annotators: Sequence[str] = (),
    calibration: Path | None = None,
    control: Path | None = None,
    threshold: float | None = None,
) -> int:
    """Make a round over the articles, or add to one; return how many units it has.

    Parameters
    ----------
    scheme_name : str
        A scheme of the study, a shipped one, or a YAML file. What it asks about decides on the units.
    articles : Path, optional
        A table of articles, with their probability where it is a sample; by default all articles of the study.
    unit : {"document", "paragraph", "sentence"}, optional
        Which texts are asked about; by default what the scheme says, and whole articles for one about targets.
    targets : sequence of str
        For a scheme about targets: names, with aliases after "|". Each text that names one gives a unit.
    target_list : Path, optional
        A file of targets, as well; see `goldwire.labels.unit_files.read_targets`.
    unnamed : bool
        Ask about every target in every text, also where it is not named.
    pairs : Path, optional
        For a scheme about targets: a table with article_id, target, and if you like holder and target_aliases.
        For one about headlines: a table with article_id and headline.
    overlap, overlap_share, blind
        See `goldwire.labels.tasks.write_round`.
    annotators : sequence of str
        Pseudonyms of those who answer; units that are new are assigned to them, or else to those of the round.
    calibration, control : Path, optional
        Tables of known answers; see `goldwire.labels.team.reference_files.make`.
    threshold : float, optional
        Share of the calibration units that an annotator must get right.

    Raises
    ------
    UsageError
        When unit, targets or pairs do not go with the scheme, or a threshold has nothing to be measured on.
    GoldwireError
        When a file cannot be read or does not fit, or there is no unit; see `goldwire.labels.tasks.write_round`.
    """
    if threshold is not None and not calibration and not references.read(study.rounds / name):
        raise UsageError("--threshold goes with --calibration FILE, a table of known answers")
    scheme = load(scheme_name, study.schemes)
    read = study.read("articles") if articles is None else read_articles(articles)
    if articles is not None:
        refuse_strangers(read, study, articles)
    chosen = units_of(scheme, read, unit, [*targets], target_list, unnamed, pairs)
    if not chosen.num_rows:
        raise GoldwireError(
            "there is no unit to ask about",
            hint="No text names a target; check its spelling, give aliases: --target 'Russia|Moscow', "
            "or ask of all: --unnamed"
            if targets or target_list
            else "Import articles first: goldwire corpus import PATH",
        )
    files: dict[Purpose, Path | None] = {"calibration": calibration, "control": control}
    count = write_round(
        study,
        name,
        scheme,
        read,
        chosen,
        overlap=overlap,
        overlap_share=overlap_share,
        blind=blind,
        threshold=threshold,
        known_answers={purpose: path for purpose, path in files.items() if path},
        sample=designs_of(articles) if articles else (),
        seed=study.params().seed,
    )
    if annotators or rounds.read(study.rounds / name).annotators:
        assign_round(study, name, named=annotators)
    return count


def refuse_strangers(articles: pa.Table, study: Study, path: Path) -> None:
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


def units_of(
    scheme: Scheme,
    articles: pa.Table,
    unit: Passage | None,
    targets: list[str],
    target_list: Path | None,
    unnamed: bool,
    pairs: Path | None,
) -> pa.Table:
    """Return the units that a scheme asks about in these articles; the parameters are those of `compose`."""
    listed = bool(targets or target_list)
    if unnamed and not listed:
        raise UsageError("--unnamed goes with --target or --target-list")
    if unit and pairs:
        raise UsageError("--unit does not go with --pairs, which are about whole articles")
    if scheme.unit in PASSAGES:
        if listed or pairs:
            raise UsageError(
                f"scheme {scheme.name} asks about texts alone: --target, --target-list and --pairs do not go with it"
            )
        return units.texts(articles, unit or scheme.unit)
    if scheme.unit == "headline":
        if listed or not pairs:
            raise UsageError(
                f"scheme {scheme.name} asks about headlines: give --pairs, a table with article_id and headline"
            )
        return units.headlines(articles, *read_pairs(pairs, "headline"))
    if listed == bool(pairs):
        raise UsageError(
            f"scheme {scheme.name} asks about targets: give --pairs, or --target and --target-list, not both"
        )
    if pairs:
        return units.pairs(articles, *read_pairs(pairs))
    about = [(Target.parse(target), "--target") for target in targets]
    about += [(target, str(target_list)) for target in (read_targets(target_list) if target_list else [])]
    return units.targets(articles, distinct(about), kind=unit or "document", only_named=not unnamed)
