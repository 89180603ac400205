"""Many apps, judged alike: run, keep, judge again, ask, compare."""
