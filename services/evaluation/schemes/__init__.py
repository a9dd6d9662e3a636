"""Schemes (评估方案): indicator trees, weights, grade lines. A published version never changes."""
