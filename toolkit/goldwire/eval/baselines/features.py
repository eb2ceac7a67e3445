"""What a linear model sees of a unit: features are learnt from rows, and then made of any rows."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from goldwire.eval.baselines.base import Shared

if TYPE_CHECKING:
    import pandas as pd


class Fitted(ABC):
    """Features that have been learnt; pickled with the model, so they keep no rows."""

    @abstractmethod
    def matrix(self, rows: "pd.DataFrame", shared: Shared) -> Any:
        """Return the rows as a sparse matrix, rows x features."""


class Features(ABC):
    """Features before they have seen any row.

    Attributes
    ----------
    fields : tuple of str
        The columns that they read; those that are empty in all rows are not used.
    """

    fields: tuple[str, ...]

    @abstractmethod
    def fit(self, rows: "pd.DataFrame", shared: Shared, size: int) -> Fitted:
        """Learn from these rows and nothing else.

        Parameters
        ----------
        rows : DataFrame
            What is learnt from; at least one of the fields has a value.
        shared : Shared
        size : int
            How many rows there are in all when these are a part of them: decides what counts as rare, so that
            folds and the final model see the same kind of features.
        """

    def used(self, rows: "pd.DataFrame") -> tuple[str, ...]:
        """Return those of the fields that have a value in any of the rows."""
        return tuple(field for field in self.fields if (rows[field] != "").any())


def joined(parts: list[Any]) -> Any:
    """Return matrices of the same rows side by side, in sparse row form."""
    from scipy.sparse import csr_matrix, hstack

    return csr_matrix(parts[0]) if len(parts) == 1 else hstack(parts, format="csr")
