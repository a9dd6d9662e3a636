"""Small books every service keeps: answers already given, positions already read."""
