"""The audit of a study, with the parameters that it gives."""

from typing import Any

import pyarrow as pa

from goldwire.eval.audit.from_study import of_study
from goldwire.eval.audit.others import read_others
from goldwire.eval.audit.run import as_json, audit
from goldwire.files import write_json
from goldwire.study import Params, Study

FILE = "audit.json"  # in eval/


def findings(study: Study, splits: pa.Table | None = None, params: Params | None = None) -> list[dict[str, Any]]:
    """Audit a study, write eval/audit.json, and return the findings as JSON values.

    Parameters
    ----------
    study : Study
    splits : pa.Table, optional
        The table `splits` of a division that is being made, in place of that of the study.
    params : Params, optional
        In place of params.yaml.

    Raises
    ------
    GoldwireError
        See `of_study` and `read_others`.
    UsageError
        When params.audit.accept names a check that there is not, or gives no reason.
    """
    params = params or study.params()
    others = read_others(params.audit.against, study.root)
    listed = as_json(audit(of_study(study, splits, params, others=others), params.audit.accept))
    write_json(study.eval / FILE, listed)
    return listed
