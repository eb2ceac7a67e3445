"""Near-duplicates as datasketch finds them: MinHash, LSH with bands for the same recall, pairs counted in full.

Run as a script: FILE PAIRS. Writes the pairs as JSON.
"""

import json
import re
import sys
from pathlib import Path

from datasketch import MinHash, MinHashLSH

BANDS, ROWS = 64, 2  # two texts of equal length at containment .5 have Jaccard .33: 999 in 1,000 share a band
SHINGLE, CONTAINMENT = 5, 0.5


def pairs(file: Path) -> list[tuple[str, str]]:
    """Return the pairs of articles with at least this containment that were found."""
    shingles: dict[str, set[bytes]] = {}
    hashes: dict[str, MinHash] = {}
    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            article = json.loads(line)
            words = re.findall("[a-z0-9]+", article["text"].lower())
            own = {" ".join(words[i : i + SHINGLE]).encode() for i in range(len(words) - SHINGLE + 1)}
            signature = MinHash(num_perm=BANDS * ROWS)
            signature.update_batch(own)
            shingles[article["id"]], hashes[article["id"]] = own, signature
            index.insert(article["id"], signature)
    found = []
    for first, signature in hashes.items():
        for second in index.query(signature):
            if first < second:
                a, b = shingles[first], shingles[second]
                if len(a & b) >= CONTAINMENT * min(len(a), len(b)):
                    found.append((first, second))
    return found


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(pairs(Path(sys.argv[1]))))
