"""What the incubator puts into effect: clauses cited, and their dated figures."""
