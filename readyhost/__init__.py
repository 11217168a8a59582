"""The command of the operator's machine for what pyinfra cannot do: terminals and streams."""
