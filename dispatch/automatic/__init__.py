"""Auto-dispatch (自动派车): requests are suggested for or assigned without anybody's asking."""
