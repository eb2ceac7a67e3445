"""The dataset: tables and splits flow in, and a folder that Hugging Face `datasets` loads by its path flows out.

`configs` says what each config holds, `events` flattens decided spans, `build` writes the folder, `digest` names its
content.
"""
