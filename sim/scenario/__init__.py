"""What is asked: a scenario file and what it extends, against one schema, every value traced."""
