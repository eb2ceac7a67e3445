"""Corpus: articles of any origin become one table.

In flow files (`readers/`, one file a format) and their records. Out flow the table of articles, its stories
(near-duplicates) and counts over it. Only this room writes under corpus/.
"""
