"""A program with stubs of Android's classes for the test of the runtime agent: its sources, and the archive made from them."""
