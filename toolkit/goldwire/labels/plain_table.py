"""The columns of a plain table, one answer a row, as text: whatever types they have in the file."""

import pyarrow as pa

from goldwire.errors import GoldwireError

BETWEEN = "\x1f"
"""Stands between the labels of an answer while they are one text, so that no label may hold it."""


def as_text(table: pa.Table, unit: str, annotator: str, label: str) -> pa.Table:
    """Return the table with these columns as text, without the blanks around it.

    Parameters
    ----------
    table : pa.Table
        Any types. A label that is null, NaN or blank becomes null, which is no answer.
    unit, annotator : str
        Columns; no cell may be empty.
    label : str
        Column with labels, or with lists of labels, none of which may be empty.

    Raises
    ------
    GoldwireError
        When a column is not there, cannot be text, or has an empty cell where it may not; the message names the row.
    """
    found = {}
    for name in (unit, annotator):
        found[name] = text_column(table, name)
        if found[name].null_count:
            row = found[name].is_null().index(pa.scalar(True)).as_py()
            raise GoldwireError(
                f'"{name}" is empty', where=f"row {row + 1}", hint="Mend or remove the row, or name another column."
            )
    found[label] = _labels(table, label)
    for name, column in found.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def text_column(table: pa.Table, name: str) -> pa.Array:
    """Return a column as text without the blanks around it; what is null, NaN or blank is null.

    Raises
    ------
    GoldwireError
        When the column is not there, or cannot be text.
    """
    column = _column(table, name)
    if pa.types.is_nested(column.type):
        raise GoldwireError(
            f'column "{name}" holds lists or structures, not text', hint="Name a column with one value a row."
        )
    return _trimmed(_text(column, name))


def no_column(table: pa.Table, *sought: str, option: str | None = None) -> GoldwireError:
    """Return the error that says that a table has none of the columns, one of which `option` would name."""
    what, names = " or ".join(f'"{name}"' for name in sought), table.column_names
    if not names:
        return GoldwireError(f"there is no column {what}: the file is empty", hint="Name another file.")
    if len(names) == 1 and any(mark in names[0] for mark in ",;\t|"):
        hint = f"There is one column, {names[0]!r}: a .csv has commas between columns, a .tsv has tabs."
    else:
        hint = f"The columns are: {', '.join(names)}" + (f". Name one with --{option}." if option else "")
    return GoldwireError(f"there is no column {what}", hint=hint)


def _labels(table: pa.Table, name: str) -> pa.Array:
    import pyarrow.compute as pc

    column = _column(table, name)
    kind = column.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        return text_column(table, name)
    if pa.types.is_nested(kind.value_type):
        raise GoldwireError(
            f'column "{name}" holds lists of lists or of structures', hint="Give lists of labels, or one label a row."
        )
    lists = column.cast(pa.list_(kind.value_type))
    labels = _trimmed(_text(lists.flatten(), name))
    wrong = labels.is_null()
    what = "a list has an empty label"
    if not labels.null_count:
        wrong, what = pc.match_substring(labels, BETWEEN), "a label holds the control character U+001F"
    if (first := wrong.index(pa.scalar(True)).as_py()) >= 0:
        row = pc.list_parent_indices(lists)[first].as_py()
        raise GoldwireError(f'"{name}": {what}', where=f"row {row + 1}", hint="Mend or remove the row.")
    offsets = pa.concat_arrays(
        [pa.array([0], pa.int32()), pc.cumulative_sum(pc.list_value_length(lists).fill_null(0))]
    )
    return pa.ListArray.from_arrays(offsets, labels, mask=lists.is_null())


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        raise no_column(table, name)
    return table[name].combine_chunks()


def _text(column: pa.Array, name: str) -> pa.Array:
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        raise GoldwireError(f'column "{name}" is not UTF-8 text', hint="Save the file again as UTF-8.") from None
    except pa.ArrowNotImplementedError:
        raise GoldwireError(
            f'column "{name}" holds {column.type}, which has no text', hint="Give text or numbers."
        ) from None


def _trimmed(column: pa.Array) -> pa.Array:
    """Leave out the blanks around each text, and make what is blank null."""
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column)
    blank = pc.equal(trimmed, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), trimmed) if pc.any(blank).as_py() else trimmed
