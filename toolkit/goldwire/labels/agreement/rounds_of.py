"""Which rounds votes are of, and which of these were blind."""

import pyarrow as pa

from goldwire.labels import rounds
from goldwire.labels.ballots import counted
from goldwire.study import Study


def blind(study: Study, votes: pa.Table) -> dict[str, dict[str, bool | None]]:
    """Return, for each scheme, which rounds its votes that count are of, and whether each was blind.

    None is not known: the votes name a round that the study has not.
    """
    rows = counted(votes).select(["scheme", "round"]).group_by(["scheme", "round"]).aggregate([])
    there = {folder.name for folder in rounds.listing(study.rounds)}
    found: dict[str, dict[str, bool | None]] = {}
    for scheme, name in zip(rows["scheme"].to_pylist(), rows["round"].to_pylist(), strict=True):
        of_scheme = found.setdefault(scheme, {})
        if name is not None:
            of_scheme[name] = rounds.read(study.rounds / name).blind if name in there else None
    return {scheme: dict(sorted(of_scheme.items())) for scheme, of_scheme in found.items()}
