# Sourced by ./mvnw and ./quotient: find_jdk prints the home of a JDK 25, or fails.
# Reads the "release" file that every JDK carries, so that looking starts no process.

is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r quotient_line; do
        case $quotient_line in
            JAVA_VERSION=\"25 | JAVA_VERSION=\"25[.\"]*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}

find_jdk() {
    for quotient_jdk in \
        "${JAVA_HOME:-}" \
        /usr/lib/jvm/*25* \
        /usr/lib/jvm/* \
        /usr/java/* \
        /opt/java* \
        /opt/java/* \
        /opt/*jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/25* \
        "${HOME:-}"/.jdks/* \
        "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/*; do
        if [ -n "$quotient_jdk" ] && is_jdk_25 "$quotient_jdk"; then
            printf '%s\n' "$quotient_jdk"
            return 0
        fi
    done
    # Whatever is on the PATH, through links and version managers: ask it where it lives.
    command -v java >/dev/null 2>&1 || return 1
    quotient_jdk=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    [ -n "$quotient_jdk" ] && is_jdk_25 "$quotient_jdk" && printf '%s\n' "$quotient_jdk"
}
