"""The compat profile: chosen routes for callers that only know POST, {code, message, data} and HMAC.

Read `signature.py` first: what is signed and why nothing of it can be left out.
"""
