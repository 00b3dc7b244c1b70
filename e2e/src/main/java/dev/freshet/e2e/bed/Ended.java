package dev.freshet.e2e.bed;

/**
 * The end of a process.
 *
 * @param who which one
 * @param code its exit code
 * @param isOurs whether it was killed or stopped here
 * @param lastWords the end of what it printed
 */
public record Ended(String who, int code, boolean isOurs, String lastWords) {
    static final int KILLED = 128 + 9;
    static final int TERMINATED = 128 + 15;

    @Override
    public String toString() {
        return who + " ended with " + code + (isOurs ? ", as it was made to" : ": " + lastWords);
    }
}
