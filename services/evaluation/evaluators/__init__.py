"""Evaluators (第三方评估机构): bodies that may evaluate, their experts, independence and recusal."""
