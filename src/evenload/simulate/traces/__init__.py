"""What the house draws and the sun gives, second by second, before anything is managed."""
