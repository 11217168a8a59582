"""Lock files of a repository: obeyed, or refused before anything is built; never ignored."""
