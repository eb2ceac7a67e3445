"""Whether an answer began from a prediction, and from whose."""

from collections.abc import Sequence

from goldwire.labels.fold.typed import Annotation, Prediction

COPIED = ("prediction", "prediction-changed")  # the origin of an item; "manual" is what the annotator added


def began_from(annotation: Annotation, predictions: Sequence[Prediction]) -> str | None:
    """Return the prediction that an answer began from, as ``<model>#<id>``; None when it began from nothing.

    An answer that was saved as a draft in between, and taken up again, has lost the prediction's number. Its items
    still say that they were copied; the number is then that of the latest prediction that has them, and the model is
    "" when predictions of several models have, or none is there any more.

    Parameters
    ----------
    annotation : Annotation
        As the server has it, with its result.
    predictions : sequence of Prediction
        Those of the task.
    """
    models = {prediction.id: prediction.model_version or "" for prediction in predictions}
    number = annotation.parent_prediction
    if number is not None:
        return f"{models.get(number, '')}#{number}"
    items = {str(item.id) for item in annotation.result or () if item.origin in COPIED}
    if not items:
        return None
    able = [one for one in predictions if items <= {str(item.id) for item in one.result or ()}]
    if not able:
        return "#"
    said = {models[one.id] for one in able}
    return f"{said.pop() if len(said) == 1 else ''}#{max(one.id for one in able)}"
