"""Shares of labels as lists of numbers in the order of a question's label classes."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.joins import one


def soft_labels(rows: pa.Table, column: str, names: Sequence[str], several: bool, where: str) -> pa.Array:
    """Return shares as a list of float64 for each row, one number a label class.

    Parameters
    ----------
    rows : pa.Table
        Of gold, all of one question.
    column : str
        distribution or posterior. Of a question that takes one label the numbers of a row sum to 1; of one that takes
        several each is the share of annotators who gave that label, or its probability. A label that is not listed
        has 0.
    names : sequence of str
        The label classes, in order.
    several : bool
        Whether an answer is a set. Its empty set is an answer, so that a row of zeros says "none of them".
    where : str
        The scheme and the question, for the message.

    Returns
    -------
    pa.Array
        Null where nobody voted, or the column is null.

    Raises
    ------
    GoldwireError
        When a label is listed that is no class, nor lies above one in a tree.
    """
    import pyarrow.compute as pc

    shares = one(rows[column])
    flat = shares.flatten()
    label, share = (flat.field(i) for i in (0, 1)) if not flat.null_count else flat.flatten()
    at = pc.index_in(label, value_set=pa.array(names, pa.string()))
    lost = set(label.filter(at.is_null()).unique().to_pylist())
    if unknown := sorted(name for name in lost if not any(path.startswith(f"{name}/") for path in names)):
        raise GoldwireError(
            f'{column} has the label "{unknown[0]}", which is not among: {", ".join(names)}',
            where=where,
            hint="The scheme or `recode` in params.yaml changed since: make gold again with goldwire labels gold",
        )
    here = at.is_valid().to_numpy(zero_copy_only=False)
    row = pc.list_parent_indices(shares).to_numpy(zero_copy_only=False)[here]
    matrix = np.zeros((len(shares), len(names)))
    matrix[row, at.drop_null().to_numpy(zero_copy_only=False)] = share.to_numpy(zero_copy_only=False)[here]
    listed = pc.fill_null(pc.greater(pc.list_value_length(shares), 0), False)
    voted = pc.greater(one(rows["n_votes"]).fill_null(0), 0)
    there = pc.or_(listed, pc.and_(voted, shares.is_valid())) if several else listed
    given = there.to_numpy(zero_copy_only=False)
    ends = pa.array(np.cumsum([0, *np.where(given, len(names), 0)]), pa.int32())
    return pa.ListArray.from_arrays(ends, pa.array(matrix[given].ravel()), mask=pc.invert(there))
