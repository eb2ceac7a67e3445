"""The exchange with Label Studio.

In flow a round's tasks, which go there (push); out flow its annotators' answers, which come back as parts (pull).
"""

from goldwire.labels.exchange.study import pull_round, push_round, refuse_difference, verify_round

__all__ = ["pull_round", "push_round", "refuse_difference", "verify_round"]
