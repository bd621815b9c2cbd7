"""Map matching (地图匹配): which roads a track was driven on."""
