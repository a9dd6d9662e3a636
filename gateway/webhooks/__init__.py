"""Who is told by themselves: subscriptions, what is sent to them, and how it is signed."""
