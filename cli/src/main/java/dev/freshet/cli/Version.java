package dev.freshet.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build gave the jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"freshet " + (version == null ? "(not packaged)" : version)};
    }
}
