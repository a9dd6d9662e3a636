"""Funds (专项资金): five instruments of support, one ledger."""
