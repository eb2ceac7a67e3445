"""Evaluation: baselines, scores that hold, and the report.

What flows in: articles, and labels/tables' units, gold, votes, splits and agreement.json; counts over the articles,
which the command line has from the corpus room; anyone's predictions.
What flows out: eval/models (`models.train_all`), eval/predictions (`models.predict_all`), eval/results
(`assess.score_all`: one JSON a question, computed once, and corpus.json, the counts), and eval/report.html,
report.md, metrics.json and plots (`report.write`, which read the results and nothing else). `score.score_files`
and `compare.compare_files` work on plain files without a study.
"""
