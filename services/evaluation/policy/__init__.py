"""What the evaluation service puts into effect: clauses cited, and their dated figures."""
