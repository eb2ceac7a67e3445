"""The demonstration: a sample corpus, its annotators' recorded answers, and the way from them to a report.

Articles and answers are synthetic; DATASHEET.md says how they came about.
"""
