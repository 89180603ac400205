"""The API: the same reading and the same verbs as the pages."""
