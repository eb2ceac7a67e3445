"""The dataset card: the configs, params and measured figures flow in, and the text of README.md flows out."""
