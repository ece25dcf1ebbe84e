"""The journey: a real browser, the real backend, a real agent whose overlay is a real window."""
