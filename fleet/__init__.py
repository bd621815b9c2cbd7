"""The register: who owns, drives, uses and watches which vehicle, and since when."""
