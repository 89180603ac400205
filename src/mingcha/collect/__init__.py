"""One artefact in, facts, coverage and gaps out; one collector per file, listed in ``collectors``."""
