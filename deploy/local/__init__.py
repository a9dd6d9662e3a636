"""The whole suite on one machine: PostgreSQL, four services and the gateway, supervised."""
