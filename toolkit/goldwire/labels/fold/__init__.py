"""The fold: from the pulled parts of all rounds to units, votes, vote_mentions and vote_relations."""

from goldwire.labels.fold.build import Folded, Problem, build_tables, fold, rows_of

__all__ = ["Folded", "Problem", "build_tables", "fold", "rows_of"]
