"""Show: two articles side by side, what they share marked.

In flow an articles table and the ids of near-duplicates. Out flow comparisons, as text for a terminal or as one HTML
file.
"""
