"""Corpus: articles of any origin become one table.

In flow files (`sources/` finds and opens them, `readers/` has one file a format) and their records. Out flow the
table of articles with its stories (near-duplicates), samples of it (`sampling/`), counts over it, and pairs side by
side (`show/`). Only this room writes under corpus/.
"""
