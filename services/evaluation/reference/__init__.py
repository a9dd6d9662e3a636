"""Example data: a scheme to start from. No national split of marks exists; each district sets its own."""
