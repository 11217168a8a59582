"""What a package of a package beside the application says."""

VALUE = "first"
