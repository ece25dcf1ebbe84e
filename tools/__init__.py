"""What the make targets do. `python3 -m tools VERB` is the only entrance."""
