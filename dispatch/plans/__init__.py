"""The day's plan: which plate and which driver serve what was promised, proposed and confirmed."""
