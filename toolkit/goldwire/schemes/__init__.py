"""The schemes that ship with goldwire: one YAML file each, read by `goldwire.scheme`; nothing here is code."""
