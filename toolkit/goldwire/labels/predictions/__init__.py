"""Pre-annotation: from tables of predictions to what annotators start from, and which answers began from it."""
