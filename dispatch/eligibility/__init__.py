"""May this vehicle serve this request, and if not, why not."""
