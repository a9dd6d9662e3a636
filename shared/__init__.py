"""The machinery of every service. It knows no service."""
