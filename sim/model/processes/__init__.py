"""What happens to enterprises, land and accounts in a quarter: one file for each process."""
