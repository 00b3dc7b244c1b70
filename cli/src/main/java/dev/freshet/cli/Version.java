package dev.freshet.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build gave the jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"freshet " + ofPackage()};
    }

    /** What stands in the jar. */
    static String ofPackage() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
