"""The schemes that the rows of tables name."""

import pyarrow as pa

from goldwire.scheme import Scheme, load
from goldwire.study import Study


def schemes_of(study: Study, *named: pa.Table) -> dict[str, Scheme]:
    """Return the schemes of tables with a column `scheme`, from the study, by name."""
    names = sorted({name for table in named for name in table["scheme"].unique().to_pylist()})
    return {name: load(name, study.schemes) for name in names}
