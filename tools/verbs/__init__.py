"""One module a make target, each with `main() -> int`, the exit code."""
