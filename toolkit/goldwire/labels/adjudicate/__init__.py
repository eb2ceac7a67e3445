"""Adjudication: disputed units are asked once more, beside what the annotators said, and the answer outranks theirs.

In flow gold and votes; out flow a round in labels/rounds, the annotators' answers as predictions on its page, and a
memo of what the adjudicators found wrong with the codebook. What becomes of their answers is in
`goldwire.labels.gold.adjudicated`.
"""
