"""The main job, played through the gateway only, and those who check what it made."""
