"""The features, one package a noun."""
