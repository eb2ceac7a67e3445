"""The schemes that a table's rows name."""

import pyarrow as pa

from goldwire.scheme import Scheme, load
from goldwire.study import Study


def schemes_of(study: Study, table: pa.Table) -> dict[str, Scheme]:
    """Return the schemes of a table with a column `scheme`, from the study, by name."""
    return {name: load(name, study.schemes) for name in sorted(table["scheme"].unique().to_pylist())}
