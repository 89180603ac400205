"""Recorders that make evidence files; the only package that opens a connection, and only ``cli`` imports it."""
