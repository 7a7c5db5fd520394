"""The subcommands: self-test, sandbox, tokens. No Qt."""
