"""What each kind of event adds to its release, by the stages of OCDS."""
