"""Bytes to structure: no facts, no law, no files; the only error is FormatError."""
