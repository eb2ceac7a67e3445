"""From votes to gold: what was decided on each unit, each mention and each relation, and how.

In flow votes, vote_mentions and vote_relations; out flow gold, gold_mentions and gold_relations.
"""
