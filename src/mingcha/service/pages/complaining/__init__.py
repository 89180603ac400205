"""Complaining, reporting, and following what becomes of it."""
