"""McNemar's exact test: of the units on which one model alone is right, do both have half?

Every unit counts as independent. Where units share stories it therefore errs more often than its level says, and the
randomisation test of accuracy in `goldwire.eval.compare`, which swaps whole stories, is the same question asked by
story; with each unit its own story the two are one test.
"""

_FAIR = 0.5


def mcnemar(wins: int, losses: int) -> float:
    """Return the two-sided p-value, 0 to 1; 1 where the models are never apart.

    Under the null hypothesis the wins are binomial, of `wins` + `losses` with one half: McNemar, 1947, Note on the
    sampling error of the difference between correlated proportions or percentages, Psychometrika 12, 153-157; in its
    exact form: Dietterich, 1998, Approximate statistical tests for comparing supervised classification learning
    algorithms, Neural Computation 10, 1895-1923.

    Parameters
    ----------
    wins, losses : int
        Units on which the first, and on which the second, alone is right.
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(wins, losses), wins + losses, _FAIR)))
