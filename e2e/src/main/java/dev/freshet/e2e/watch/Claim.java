package dev.freshet.e2e.watch;

import java.util.Optional;

/** Something that a reader was told. */
@FunctionalInterface
interface Claim {
    /** How it contradicts what has happened; empty if it does not, or if that cannot be told. */
    Optional<String> contradiction(Past past);
}
