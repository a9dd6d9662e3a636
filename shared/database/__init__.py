"""Tables, sessions and migrations, the same way in every service."""
