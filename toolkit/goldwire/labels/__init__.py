"""Labels: people's answers, from the question to the dataset.

In flow articles (corpus/articles.parquet), schemes, and what annotators did in Label Studio. Out flow the
labelling page and the manual of a scheme, tasks, votes, agreement, gold, splits, and labels/dataset in Hugging
Face's format. Only this room writes under labels/ and talks to Label Studio; people leave it as pseudonyms.
"""
