"""The report of a survey as a folder of pages that opens from disk: no server, no script, no other host."""

from mingcha.survey.site.writing import write

__all__ = ["write"]
