"""The official calendar (法定节假日与调休): which day is worked, by region and version."""
