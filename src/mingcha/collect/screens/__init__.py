"""The screens of a walk: what each shows, what was chosen on it, and which ways lead where."""
