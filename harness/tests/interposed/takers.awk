# The names of the functions of preprocessed headers that take a descriptor or a time that passes.
BEGIN { RS = ";" }

{
    gsub(/[ \t\n]+/, " ")
    at = index($0, "extern ")
    if (!at) next
    text = substr($0, at)
    if (!match(text, /[A-Za-z_][A-Za-z_0-9]* *\(/)) next
    name = substr(text, RSTART, RLENGTH - 1)
    sub(/ *$/, "", name)
    parameters = substr(text, RSTART + RLENGTH - 1)
    sub(/__attribute__.*/, "", parameters)
    gsub(/const time_t/, "", parameters) # to be told in words
}

parameters ~ /int [_a-z]*(fd|fildes|fdin|fdout)[0-9s]*[ ,)]/ || parameters ~ /fd_set/ ||
parameters ~ /struct (pollfd|epoll_event|sockaddr|mmsghdr|itimerval|itimerspec|timespec|timeval|timex|ntptimeval|tms) / ||
parameters ~ /(clockid_t|useconds_t|timer_t) / || parameters ~ /unsigned int __seconds/ ||
parameters ~ /time_t \*__timer/ {
    print name
}
