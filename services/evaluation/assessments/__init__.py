"""Assessments (等级评估): the grading of an agency, from its application to the announcement."""
