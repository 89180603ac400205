"""The data we ship (rules, information, interfaces, permissions, SDKs, app types, terms) and the code that reads it."""
