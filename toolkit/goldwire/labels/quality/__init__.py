"""What each annotator does: confusions, label rates, drift, speed, known answers, competence.

In flow votes (of a study, of a round, or a plain file with one answer a row); out flow figures with intervals, and a
page that shows them. Annotators are pseudonyms throughout; `named` adds addresses for who asks for them.
"""
