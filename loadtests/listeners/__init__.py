"""Those who look at the live map: many WebSocket clients, one Chromium, and whom they look at."""
