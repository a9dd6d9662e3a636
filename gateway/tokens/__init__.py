"""Who may knock: clients and their secrets, signing keys, the token endpoint."""
