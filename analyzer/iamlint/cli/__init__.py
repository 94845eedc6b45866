"""The command line: one module a command. Knows options and streams, and leaves the work to the layers below."""
