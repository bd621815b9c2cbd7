"""Missions (保障任务): conferences, receptions and convoys, many orders under one plan."""
