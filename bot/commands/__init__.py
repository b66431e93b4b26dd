"""The commands of `finops-bot`: one module for each group, imported when called."""
