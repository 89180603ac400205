"""What may be done: one function per verb, called alike by page, API and command through `acting.perform`."""
