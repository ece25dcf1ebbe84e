"""HTTP: parse, authorise, call one domain function, answer."""
