"""Grades (评估等级): the grade of an agency on a day."""
