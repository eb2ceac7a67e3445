"""Interop out: a built dataset flows in, and files that other programs read flow out.

`folder` reads the dataset, `lines` writes JSON lines, `sheets` CSV, `conll` tokens with BIO tags; `label_studio`
writes a round's answers in Label Studio's own JSON.
"""
