"""Who somebody is: log-in, sessions, passwords."""
