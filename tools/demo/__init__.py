"""The demo venue that `make run` brings to life: real programs on a database of its own."""
