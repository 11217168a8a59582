# Seconds without a key pressed after which a shell ends.
readonly TMOUT=3600
export TMOUT
