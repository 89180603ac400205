"""Facts joined from several sources, each with the facts it came from; coverage and gaps go along."""
