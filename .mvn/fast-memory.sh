# Read by the scripts that train or measure.

# Options with which arrays lie well: on lines of the cache, and on large pages where the system gives them to those who ask, so that
# addresses are found with fewer reads. Elsewhere a virtual machine would complain about the second.
fast_memory() {
    printf '%s' '-XX:ObjectAlignmentInBytes=64'
    if grep -qs '\[\(madvise\|always\)\]' /sys/kernel/mm/transparent_hugepage/enabled; then
        printf ' %s' '-XX:+UseTransparentHugePages'
    fi
}
