"""Bases (孵化基地): the district's one base, its four rule documents and its budget lines."""
