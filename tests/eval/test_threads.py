"""One thread: every BLAS that a baseline uses is held to it, and no longer than that."""

import json
import os
import subprocess
import sys

THREADS = """
import json
from threadpoolctl import threadpool_info
from goldwire.eval.threads import one_thread

def blas():
    return {one["filepath"]: one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

@one_thread
def held():
    import sklearn.linear_model  # loads what the baselines use, as they do: when they are called
    return blas()

print(json.dumps([held(), blas()]))
"""


def test_every_blas_is_held_to_one_thread_however_late_a_baseline_is_loaded_and_let_go_after() -> None:
    free = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    run = subprocess.run([sys.executable, "-c", THREADS], env=free, capture_output=True, text=True, check=True)
    held, after = json.loads(run.stdout)
    assert set(held) == set(after)
    assert set(held.values()) == {1}
    assert set(after.values()) == {min(2, os.cpu_count() or 1)}
