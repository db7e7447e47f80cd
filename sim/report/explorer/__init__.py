"""The explorer: one page in the browser, live beside a server on this machine or saved as a file."""
