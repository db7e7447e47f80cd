"""The smallest value of a policy's key that reaches a target."""
