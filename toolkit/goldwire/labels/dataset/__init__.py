"""The dataset: tables and splits flow in, and a folder that Hugging Face `datasets` loads by its path flows out.

`configs` says what each config holds (with `frame`, `wide`, `soft`, `provenance` and `events`), `build` writes the
folder (`parquet`, `croissant`, `citation`; the card has a room of its own), `digest` names its content and `verify`
compares it. `scrub` and `texts` mask and leave out, `rehydrate` puts back; `releases` says which data a version is.
"""
