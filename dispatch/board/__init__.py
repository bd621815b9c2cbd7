"""The board (调度看板): vehicles × time, what is planned over what is driven, checked moves."""
