"""The bare plan: what Daft alone takes to read articles, MinHash them, and group them by bands. Nothing is verified.

Run as a script: FILE. Prints the number of groups.
"""

import os
import sys

os.environ["DO_NOT_TRACK"] = "1"
os.environ["DAFT_PROGRESS_BAR"] = "0"

import daft
from daft import col, functions, lit

BANDS, ROWS = 16, 8


def groups(file: str) -> int:
    """Return how many bands of MinHashes two or more articles have in common."""
    hashes = functions.minhash(col("text").lower(), num_hashes=BANDS * ROWS, ngram_size=5, seed=1)
    frame = daft.read_json(file).select(col("id"), hashes.alias("hashes"))
    bands = [functions.hash(functions.slice(col("hashes"), i * ROWS, (i + 1) * ROWS)) for i in range(BANDS)]
    frame = frame.select(col("id"), functions.to_list(*bands).alias("hash"), lit(list(range(BANDS))).alias("band"))
    frame = frame.explode("band", "hash").groupby("band", "hash").agg(col("id").count().alias("count"))
    return sum(batch.num_rows for batch in frame.where(col("count") > 1).to_arrow_iter())


if __name__ == "__main__":
    sys.stdout.write(f"{groups(sys.argv[1])}\n")
