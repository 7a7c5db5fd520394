"""What outlives the process: secrets in the system's keyring, everything else in JSON files. No Qt."""
