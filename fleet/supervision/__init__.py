"""External supervision (外部监督): letters of 纪检 or 审计 that let somebody look."""
